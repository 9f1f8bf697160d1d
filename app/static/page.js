// What pages gain from a script. Everything works without it, only with more clicks.

const root = document.documentElement;
root.classList.add("scripted");

// Charts: Vega from our own server, with its expression interpreter, so that no page needs eval.
async function drawCharts() {
  const places = [...document.querySelectorAll("[data-chart]")];
  if (!places.length) return;
  await load(places[0].dataset.vega);
  for (const place of places) {
    const spec = JSON.parse(document.getElementById(`spec-${place.dataset.chart}`).textContent);
    const { view } = await window.vegaEmbed(place, spec, {
      ast: true,
      actions: false,
      logLevel: 1, // errors only; empty layers are no news
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true, theme: "custom" },
    });
    // Every mark opens the verbatims it counts; its row carries the filters that find them.
    view.addEventListener("click", (event, mark) => {
      if (!mark?.datum?.open) return;
      const address = new URL(place.dataset.opens, location.href);
      for (const [name, value] of new URLSearchParams(mark.datum.open)) address.searchParams.set(name, value);
      location.assign(address);
    });
  }
}

function load(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, onload: done, onerror: failed });
    document.head.append(script);
  });
}

// Light and dark without a round trip.
function switchLook(event) {
  event.preventDefault();
  const dark = document.getElementById("dark");
  const isDark = window.matchMedia(dark.media).matches;
  dark.media = isDark ? "not all" : "screen";
  document.querySelector('meta[name="color-scheme"]').content = isDark ? "light" : "dark";
  document.cookie = `xinsheng_look=${isDark ? "light" : "dark"};path=/;max-age=31536000;samesite=lax`;
}

// Long verbatims are folded around the span that is meant; nothing is cut for readers without scripts.
function foldLongTexts(within = document) {
  const words = document.body.dataset;
  for (const text of within.querySelectorAll("[data-fold]")) {
    if (text.clientHeight < 420) continue;
    text.classList.add("folded");
    const meant = text.querySelector(".span-meant, mark");
    if (meant && meant.offsetTop > 160) {
      text.scrollTop = meant.offsetTop - 90;
      text.classList.add("folded-inside");
    }
    const button = Object.assign(document.createElement("button"), { type: "button", className: "unfold", textContent: words.whole });
    button.addEventListener("click", () => {
      const folded = text.classList.toggle("folded");
      button.textContent = folded ? words.whole : words.less;
    });
    text.after(button);
  }
}

// A running job: ask for the part that changes until it is over.
async function follow(card) {
  while (card.querySelector('[data-over="no"]')) {
    await new Promise((done) => setTimeout(done, 700));
    try {
      const answer = await fetch(card.dataset.follow, { headers: { accept: "text/html" } });
      if (answer.ok) card.innerHTML = await answer.text();
    } catch {
      // The server is restarting; the next round will tell.
    }
  }
  document.querySelector(".working")?.remove();
  card.querySelector("[data-when-over]")?.focus();
}

async function refresh(place) {
  for (;;) {
    await new Promise((done) => setTimeout(done, 2000));
    const fresh = await part(location.href, {}, place.id);
    if (!fresh) continue;
    place.replaceChildren(...fresh.childNodes);
    showLocalTimes(place);
    if (!fresh.dataset.refresh) return;
  }
}

async function part(address, options, id) {
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? page.getElementById(id) ?? page.querySelector("main > div:last-of-type") : null;
  } catch {
    return null;
  }
}

// Upload: drop files anywhere on the place; correcting a column shows at once what it changes.
function readyDrop(form) {
  const input = form.querySelector("input[type=file]");
  const names = form.querySelector("[data-drop-names]");
  const send = () => {
    if (!input.files.length) return;
    names.hidden = false;
    names.textContent = [...input.files].map((file) => file.name).join(" · ");
    form.requestSubmit();
  };
  input.addEventListener("change", send);
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("drop-over"); });
  }
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("drop-over"));
  form.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; send(); });
}

async function previewAgain(form) {
  const fields = new FormData(form);
  fields.set("do", "preview");
  const open = [...form.querySelectorAll("details")].map((one) => one.open);
  const focused = document.activeElement?.name;
  const fresh = await part(form.action, { method: "POST", body: new URLSearchParams(fields) }, form.id);
  if (!fresh) return;
  form.replaceChildren(...fresh.childNodes);
  form.querySelectorAll("details").forEach((one, at) => { one.open = open[at] ?? one.open; });
  if (focused) form.elements.namedItem(focused)?.focus?.();
  foldLongTexts(form);
}

function showLocalTimes(within = document) {
  const form = new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of within.querySelectorAll("time[data-local]")) {
    time.title = time.textContent;
    time.textContent = form.format(new Date(time.dateTime));
  }
}

// Keyboard: "/" searches, arrows move between rows, Enter opens the row, Escape closes menus.
function onKey(event) {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const search = document.querySelector(".search input[type=search], [data-find]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const links = [...document.querySelectorAll("tr[data-row] .row-name, .volume-name, .fact-open")];
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    links[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), links.length - 1)].focus();
  }
}

document.querySelector("[data-look-form]")?.addEventListener("submit", switchLook);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-filters] select")) field.form.requestSubmit();
  // A date being typed changes with every digit, so a date waits for Apply or Enter.
  if (field.matches("[data-filters] input[type=date]")) field.form.classList.add("filters-changed");
  if (field.matches("[data-send]") && field.form.elements.q.value) field.form.requestSubmit();
  if (field.matches("[data-preview]")) previewAgain(field.form);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  // Empty fields would only make the address long.
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
document.querySelectorAll("[data-back]").forEach((link) => link.addEventListener("click", (event) => {
  if (history.length > 1) { event.preventDefault(); history.back(); }
}));
document.querySelectorAll("[data-drop]").forEach(readyDrop);
document.querySelectorAll("[data-follow]").forEach(follow);
document.querySelectorAll("[data-refresh]").forEach(refresh);
if (window.matchMedia("(min-width: 781px)").matches) {
  for (const fold of document.querySelectorAll("[data-open-wide]")) fold.open = true;
}
// On a phone the pages scroll sideways; the one that is open must be in sight.
document.querySelector("nav.pages [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
showLocalTimes();
foldLongTexts();
drawCharts();

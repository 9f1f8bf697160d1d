// Judging one text after another without the page jumping; without it every answer loads the page anew.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".judge form, .corrected")) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const main = document.querySelector("main");
  for (const button of main.querySelectorAll(".judge button")) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) throw new Error(answer.statusText);
    main.replaceChildren(...page.querySelector("main").childNodes);
    main.querySelector(".judge button")?.focus({ preventScroll: true });
  } catch {
    location.reload();
  }
});

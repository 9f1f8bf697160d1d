"""The tables, as numbered functions that are only ever appended to."""

from sqlite_utils import Database, Migrations

system = Migrations("xinsheng-system")
project = Migrations("xinsheng-project")


@system()
def m001_projects_and_jobs(db: Database) -> None:
    """Projects by slug, and long work as rows: a lease says who works on a job and until when."""
    db.conn.execute(
        """CREATE TABLE projects (
            slug TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL
        ) STRICT"""
    )
    db.conn.execute(
        """CREATE TABLE jobs (
            id INTEGER PRIMARY KEY, project TEXT NOT NULL REFERENCES projects(slug) ON DELETE CASCADE,
            kind TEXT NOT NULL, payload TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
            stage TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
            result TEXT, error TEXT, attempts INTEGER NOT NULL DEFAULT 0,
            worker TEXT, lease_until REAL, cancel_requested INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT
        ) STRICT"""
    )
    db.conn.execute("CREATE INDEX jobs_by_state ON jobs(state, id)")


@project()
def m001_feedback(db: Database) -> None:
    """Sources, uploads, customers, verbatims and what was rejected or set aside."""
    for statement in (
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        """CREATE TABLE sources (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, created_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE uploads (
            sha256 TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('feedback', 'customers')),
            source_id TEXT REFERENCES sources(id) ON DELETE CASCADE, filename TEXT NOT NULL, format TEXT NOT NULL,
            encoding TEXT, mapping TEXT NOT NULL, notes TEXT NOT NULL, counts TEXT NOT NULL, uploaded_at TEXT NOT NULL,
            PRIMARY KEY (sha256, kind)
        ) STRICT""",
        """CREATE TABLE customers (
            id TEXT PRIMARY KEY, external_id TEXT, email_hash TEXT, phone_hash TEXT, name TEXT,
            attributes TEXT NOT NULL DEFAULT '{}', origin TEXT NOT NULL CHECK (origin IN ('file', 'feedback')),
            type TEXT, type_rule TEXT
        ) STRICT""",
        "CREATE INDEX customers_by_external_id ON customers(external_id)",
        """CREATE TABLE verbatims (
            n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE, row INTEGER NOT NULL,
            external_id TEXT, question TEXT, language TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT, day TEXT,
            score REAL, scale TEXT, score_low REAL, score_high REAL,
            customer_id TEXT REFERENCES customers(id) ON DELETE SET NULL, matched_on TEXT,
            touchpoint TEXT, attributes TEXT NOT NULL DEFAULT '{}',
            speaker TEXT, role TEXT, start_s REAL, end_s REAL, redactions TEXT NOT NULL DEFAULT '{}',
            sentiment TEXT, content_hash TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX verbatims_by_source ON verbatims(source_id)",
        "CREATE INDEX verbatims_by_customer ON verbatims(customer_id)",
        "CREATE INDEX verbatims_by_day ON verbatims(day)",
        "CREATE VIRTUAL TABLE verbatim_words USING fts5(words, tokenize='unicode61 remove_diacritics 2')",
        """CREATE TABLE rejected (
            id INTEGER PRIMARY KEY, source_id TEXT REFERENCES sources(id) ON DELETE CASCADE, upload_sha256 TEXT,
            row INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, raw TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX rejected_by_source ON rejected(source_id)",
        """CREATE TABLE set_aside (
            id INTEGER PRIMARY KEY, source_id TEXT REFERENCES sources(id) ON DELETE CASCADE, upload_sha256 TEXT,
            row INTEGER NOT NULL, question TEXT, reason TEXT NOT NULL, text TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX set_aside_by_source ON set_aside(source_id)",
    ):
        db.conn.execute(statement)


@project()
def m002_analysis(db: Database) -> None:
    """What a run finds: themes, opinion units with their theme and sentiment, cached vectors, the run itself."""
    for statement in (
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY, finished_at TEXT NOT NULL, kind TEXT NOT NULL, counts TEXT NOT NULL,
            models TEXT NOT NULL, settings TEXT NOT NULL, seed INTEGER NOT NULL, seconds TEXT NOT NULL,
            versions TEXT NOT NULL, peak_mb REAL
        ) STRICT""",
        """CREATE TABLE themes (
            id TEXT PRIMARY KEY, parent_id TEXT, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
            keywords TEXT NOT NULL, exemplars TEXT NOT NULL, centroid BLOB NOT NULL, tentative INTEGER NOT NULL,
            status TEXT NOT NULL, first_run INTEGER NOT NULL, last_run INTEGER NOT NULL,
            impact TEXT, trend TEXT
        ) STRICT""",
        "CREATE INDEX themes_by_parent ON themes(parent_id)",
        """CREATE TABLE units (
            n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            verbatim_id TEXT NOT NULL REFERENCES verbatims(id) ON DELETE CASCADE,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, shadow TEXT NOT NULL,
            language TEXT NOT NULL, theme_id TEXT, similarity REAL NOT NULL,
            sentiment TEXT NOT NULL, confidence REAL NOT NULL,
            negative REAL NOT NULL, neutral REAL NOT NULL, positive REAL NOT NULL, vector_hash BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX units_by_verbatim ON units(verbatim_id)",
        "CREATE INDEX units_by_theme ON units(theme_id, sentiment)",
        """CREATE TABLE vectors (
            model TEXT NOT NULL, text_hash BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, text_hash)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.conn.execute(statement)


@project()
def m003_idempotency_keys(db: Database) -> None:
    """Answers to API calls by the key their sender chose, so that a repeated call gets the same answer."""
    db.conn.execute(
        """CREATE TABLE idempotency_keys (
            key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, response TEXT NOT NULL, created_at TEXT NOT NULL
        ) STRICT"""
    )


@project()
def m006_corrections(db: Database) -> None:
    """What people decided about the sentiment of a unit, by a hash of its words, and what the model learnt from it.

    The rows are only ever appended to: the newest of a text counts, and `after` NULL gives it back to the model.
    The words themselves stay in the units alone, so that deleting a source leaves none of them here.
    """
    for statement in (
        """CREATE TABLE corrections (
            id INTEGER PRIMARY KEY, text_hash BLOB NOT NULL, unit_id TEXT NOT NULL,
            before TEXT NOT NULL CHECK (before IN ('negative', 'neutral', 'positive')),
            after TEXT CHECK (after IN ('negative', 'neutral', 'positive')),
            kind TEXT NOT NULL CHECK (kind IN ('corrected', 'confirmed', 'taken_back')),
            sampled INTEGER NOT NULL DEFAULT 0, who TEXT, at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX corrections_by_text ON corrections(text_hash, id)",
        "ALTER TABLE units ADD COLUMN decided TEXT CHECK (decided IN ('corrected', 'confirmed'))",
        "CREATE INDEX units_by_text ON units(vector_hash)",
        """CREATE TABLE refits (
            id INTEGER PRIMARY KEY, made_at TEXT NOT NULL, base TEXT NOT NULL, encoder TEXT NOT NULL,
            name TEXT NOT NULL, gain TEXT NOT NULL, sha256 TEXT NOT NULL, weights BLOB NOT NULL,
            active INTEGER NOT NULL DEFAULT 0, chosen_by TEXT
        ) STRICT""",
    ):
        db.conn.execute(statement)


@project()
def m005_codebook(db: Database) -> None:
    """Themes defined beforehand; `theme_id` is the found theme that an entry was adopted from, whose id it keeps."""
    db.conn.execute(
        """CREATE TABLE codebook_themes (
            n INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
            description TEXT NOT NULL, parent TEXT, examples TEXT NOT NULL, color TEXT, codable INTEGER NOT NULL,
            theme_id TEXT, created_at TEXT NOT NULL
        ) STRICT"""
    )


@project()
def m004_theme_edits(db: Database) -> None:
    """What people change about themes, as events; beside each theme and unit what the run found, which stays.

    `theme_events` is only ever appended to; undoing writes `undone_at`. `theme_event_texts` holds the texts an event is
    about, by hash. `kept_themes` are themes that events name and that the latest run did not find, as they were.
    `units.placed_by` is the event that put a unit where it is, `follows` says that it was put there as another's like.
    """
    theme_columns = """id TEXT PRIMARY KEY, parent_id TEXT, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
        keywords TEXT NOT NULL, exemplars TEXT NOT NULL, centroid BLOB NOT NULL, tentative INTEGER NOT NULL,
        status TEXT NOT NULL, first_run INTEGER NOT NULL"""
    for statement in (
        """CREATE TABLE theme_events (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,
            kind TEXT NOT NULL
                CHECK (kind IN ('rename', 'parent', 'pin', 'hide', 'lock', 'merge', 'split', 'move', 'reject')),
            payload TEXT NOT NULL, undone_at TEXT, undone_by TEXT, idle INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        """CREATE TABLE theme_event_texts (
            event INTEGER NOT NULL REFERENCES theme_events(id) ON DELETE CASCADE, part INTEGER NOT NULL,
            text_hash BLOB NOT NULL, PRIMARY KEY (event, part, text_hash)
        ) STRICT, WITHOUT ROWID""",
        f"CREATE TABLE found_themes ({theme_columns}) STRICT",
        f"CREATE TABLE kept_themes ({theme_columns}, run INTEGER NOT NULL, is_parent INTEGER NOT NULL) STRICT",
        """CREATE TABLE kept_texts (
            theme_id TEXT NOT NULL REFERENCES kept_themes(id) ON DELETE CASCADE, text_hash BLOB NOT NULL,
            PRIMARY KEY (theme_id, text_hash)
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE gone_themes (id TEXT PRIMARY KEY, went_to TEXT NOT NULL) STRICT",
        """INSERT INTO found_themes SELECT id, parent_id, name_zh, name_en, keywords, exemplars, centroid, tentative,
            status, first_run FROM themes""",
        "ALTER TABLE themes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE themes ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE themes ADD COLUMN locked INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE themes ADD COLUMN edits TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE units ADD COLUMN found_theme_id TEXT",
        "ALTER TABLE units ADD COLUMN found_similarity REAL NOT NULL DEFAULT 0",
        "ALTER TABLE units ADD COLUMN first_run INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE units ADD COLUMN placed_by INTEGER",
        "ALTER TABLE units ADD COLUMN follows INTEGER NOT NULL DEFAULT 0",
        """UPDATE units SET found_theme_id = theme_id, found_similarity = similarity,
            first_run = (SELECT coalesce(max(id), 1) FROM runs)""",
        "CREATE INDEX units_by_placement ON units(placed_by) WHERE placed_by IS NOT NULL",
    ):
        db.conn.execute(statement)


@project()
def m007_theme_places(db: Database) -> None:
    """Where themes lie on the map; kept when a theme goes, so that one that comes back finds its old place."""
    db.conn.execute("CREATE TABLE theme_places (theme_id TEXT PRIMARY KEY, x REAL NOT NULL, y REAL NOT NULL) STRICT")


@project()
def m009_emerging(db: Database) -> None:
    """What new units have in common that fit no theme; and the units that the last full run left unthemed."""
    for statement in (
        """CREATE TABLE emerging (
            id TEXT PRIMARY KEY, n INTEGER NOT NULL, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
            keywords TEXT NOT NULL, fresh INTEGER NOT NULL, cohesion REAL NOT NULL
        ) STRICT""",
        """CREATE TABLE emerging_units (
            emerging_id TEXT NOT NULL REFERENCES emerging(id) ON DELETE CASCADE, n INTEGER NOT NULL,
            unit_id TEXT NOT NULL, PRIMARY KEY (emerging_id, n)
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE left_units (unit_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    ):
        db.conn.execute(statement)


@project()
def m008_proposed_names(db: Database) -> None:
    """Names of themes that a language model proposed: its answers by a hash of all that was asked, and those in use.

    An answer is two short names and nothing else; what was sent is not kept. `proposed_names` lies over `found_themes`,
    which keep the names that the run gave them.
    """
    db.conn.execute(
        """CREATE TABLE name_answers (
            key BLOB PRIMARY KEY, model TEXT NOT NULL, name_zh TEXT, name_en TEXT, asked_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE proposed_names (
            theme_id TEXT PRIMARY KEY, name_zh TEXT NOT NULL, name_en TEXT NOT NULL, model TEXT NOT NULL,
            prompt TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )


@project()
def m007_counting_index(db: Database) -> None:
    """What counts by theme and sentiment read of a unit, without its text: they take half the time at 100,000 units."""
    db.conn.execute("CREATE INDEX IF NOT EXISTS units_counted ON units(verbatim_id, theme_id, sentiment)")
    db.conn.execute("DROP INDEX IF EXISTS units_by_verbatim")

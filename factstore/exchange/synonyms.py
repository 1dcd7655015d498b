"""The headers that people give to columns, by our names for the fields."""

from __future__ import annotations

_WORDS = {
    "id": (
        "id, identifier, uid, record id, event id, fact id, incident id, case id, entry id, battle id, row id, "
        "incident number, case number, case no, event number, event no, record number, entry number, incident no, "
        "ref no, reference number, reference no, unique id, slug, key, no, nr, number, ref, #, item, item no, s "
        "no, sl no, serial number"
    ),
    "title": (
        "title, headline, what happened, what, event, event title, event name, happening, what occurred, key "
        "event, events, incident, incident title, battle, battle name, engagement, conflict, milestone, "
        "development, fact, allegation, allegations, what was alleged, complaint, misconduct, conduct, occurrence, "
        "action, entry, activity, ereignis, vorgang, evenement, evento, acontecimiento, gebeurtenis, "
        "description, event description, incident description, description of event, "
        "description of incident, brief description, short description, summary, event summary, incident summary, "
        "case summary, summary of incident, details, event details, incident details, narrative, text, what we "
        "know, name, subject, case, case name, matter"
    ),
    "when": (
        "when, date, event date, incident date, date of event, date of incident, date occurred, occurred, occurred "
        "on, date and time, date time, datetime, timestamp, when it happened, when did it happen, date of "
        "occurrence, date of battle, battle date, date of misconduct, dates, date or period, period, day, date of "
        "events, happened on, date happened, date approx, approx date, approximate date, timeframe, time frame, "
        "datum, fecha, years"
    ),
    "start": (
        "start date, start, date start, from, from date, date from, begin, begin date, began, beginning, begins, started, "
        "starts, starting, first day, start day, date began, opened, start datetime"
    ),
    "end": (
        "end date, end, date end, to, to date, date to, until, till, ended, ends, ending, finish, finished, finish "
        "date, last day, end day, date ended, closed, end datetime, through"
    ),
    "year": "year, event year, start year, yr, yyyy",
    "month": "month, event month, start month, mon, mm",
    "day": "day, day of month, event day, start day, dd",
    "time": (
        "time, time of day, hour, event time, incident time, start time, time of incident, time of event, local time"
    ),
    "end time": "end time, finish time",
    "place": "place, location, where, place name, event location, incident location, location name, site, venue, scene, "
    "ort, lieu, lugar, luogo, plaats",
    "town": "city, town, village, city town, city or town, municipality, locality, suburb, neighborhood, neighbourhood",
    "district": "district, county, borough, parish",
    "state": "state, province, region, state province",
    "country": "country, nation",
    "participants": (
        "who, people, participants, participant, people involved, who was involved, persons, person, persons "
        "involved, parties, actors, actor, individuals, names, those involved, involved, players, officer, "
        "officers, officer name, officers involved, accused, suspect, suspects, perpetrator, perpetrators, "
        "belligerents, combatants, commanders, commander, wer, beteiligte, personen, qui, personnes, quien, personas"
    ),
    "tags": (
        "tags, tag, category, categories, type, event type, incident type, type of event, type of incident, topic, "
        "topics, theme, themes, keywords, keyword, label, labels, kind, classification"
    ),
    "source": (
        "source, sources, source name, source names, sources name, sources names, source title, news source, "
        "outlet, outlets, news outlet, media outlet, publication, newspaper, media, media source, reference, "
        "references, citation, citations, cited source, document, documents, primary source, secondary source, "
        "additional source, other source, other sources, reported by, evidence, where from, source of information, "
        "information source, authority, authorities, source document, source reference, "
        "quelle, quellen, fuente, fuentes, fonte, fonti, bron, bronnen"
    ),
    "publisher": "publisher, published by, source publisher",
    "url": (
        "link, links, url, urls, source link, sources link, source links, source url, sources url, source urls, "
        "web link, weblink, hyperlink, href, web address, article link, article url, link to source, link to "
        "article, links to sources, website, web, uri, news link, permalink, source site"
    ),
    "published": (
        "published, date published, publication date, pub date, published on, article date, source date, date of "
        "source, date of publication, date of article, publish date"
    ),
    "retrieved": "retrieved, accessed, date accessed, access date, date retrieved, retrieved on, accessed on, last accessed",
    "quote": (
        "quote, quotes, quotation, exact quote, exact words, verbatim, excerpt, extract, quoted text, key quote, "
        "source quote, passage, source text"
    ),
    "locator": "page, pages, page number, page no, p, pp, locator, paragraph, para, timecode",
    "attribution": (
        "said by, attributed to, attribution, according to, speaker, who said it, who said so, who says so, quoted "
        "person"
    ),
    "phrase": "phrase, date text, date as written, date in words, date words, verbatim date",
    "said": "said on, date said",
    "hedge": "hedge",
    "stance": "stance",
    "zone": "zone, time zone, timezone, utc offset",
}

#: For each field, the headers that stand for it, the surest first; if two columns claim a field, the surer header gets it.
SYNONYMS: dict[str, tuple[str, ...]] = {name: tuple(words.split(", ")) for name, words in _WORDS.items()}

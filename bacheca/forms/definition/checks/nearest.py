"""The word that was meant: what `check` proposes in place of one that it does not know."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

MEANT: dict[str, str] = {
    # properties of a form
    "titolo": "title", "descrizione": "description", "nome": "name", "suggerimento": "description",
    "hint": "description", "help": "description", "aiuto": "description", "genere": "kind", "specie": "kind",
    "campi": "fields", "campo": "field", "domande": "fields", "domanda": "title", "questions": "fields",
    "question": "title", "apre": "opens", "apertura": "opens", "inizio": "opens", "chiude": "closes",
    "chiusura": "closes", "scadenza": "closes", "fine": "closes", "deadline": "closes", "closing": "closes",
    "conserva": "keep", "conservazione": "keep", "tieni": "keep", "durata": "keep", "retention": "keep",
    "pubblica": "publish", "pubblicare": "publish", "posti": "places", "posto": "places", "seats": "places",
    "avvisa": "notify", "avviso": "notify", "notifica": "notify", "sigilla": "seal", "sigillo": "seal",
    "passi": "steps", "passaggi": "steps", "soglia": "threshold", "incroci": "cross", "incrocia": "cross",
    "lingua": "language", "fuso": "zone", "pulsante": "button", "bottone": "button", "submit": "button",
    "dopo": "afterwards", "poi": "afterwards", "thanks": "afterwards", "grazie": "afterwards", "lettera": "mail",
    "ricorda": "remind", "promemoria": "remind", "reminder": "remind", "oggetto": "subject", "pagina": "page",
    # properties of a field
    "tipo": "type", "kind": "type", "formato": "format", "categorie": "categories", "scelte": "categories",
    "opzioni": "categories", "risposte": "categories", "choices": "categories", "options": "categories",
    "answers": "categories", "mancanti": "missingvalues", "vincoli": "constraints", "limiti": "constraints",
    "limits": "constraints", "obbligatorio": "required", "obbligatoria": "required", "richiesto": "required",
    "mandatory": "required", "minimo": "minimum", "massimo": "maximum", "min": "minimum", "max": "maximum",
    "lunghezza": "maxlength", "modello": "pattern", "regex": "pattern", "valore": "value", "codice": "value",
    "code": "value", "etichetta": "label", "testo": "text", "sezione": "section", "mostrase": "showif",
    "se": "showif", "if": "showif", "condizione": "showif", "altro": "other", "mescola": "shuffle",
    "griglia": "matrix", "matrice": "matrix", "estremi": "ends", "informativa": "notice", "uguale": "equals",
    "risposto": "answered", "scegli": "choose", "esclusiva": "exclusive",
    # values
    "sondaggio": "survey", "questionario": "survey", "iscrizione": "signup", "iscrizioni": "signup",
    "voto": "poll", "votazione": "poll", "risultati": "results", "niente": "nothing", "nulla": "nothing",
    "nessuno": "nothing", "pubblico": "public", "personale": "personal", "sensibile": "sensitive",
    "libero": "free-text", "vero": "true", "si": "true", "yes": "true", "on": "true", "y": "true", "x": "true",
    "falso": "false", "no": "false", "off": "false", "n": "false", "ogni": "each", "ognuna": "each",
    "giornaliero": "daily", "quotidiano": "daily", "stringa": "string", "parole": "string", "str": "string",
    "numero": "number", "decimale": "number", "float": "number", "intero": "integer", "int": "integer",
    "data": "date", "giorno": "date", "mese": "yearmonth", "month": "yearmonth", "anno": "year", "elenco": "list",
    "lista": "list", "multipla": "list", "bool": "boolean", "checkbox": "boolean", "casella": "boolean",
    "telefono": "tel", "phone": "tel", "posta": "email", "mail": "email", "indirizzo": "uri", "url": "uri",
    "link": "uri", "scala": "scale", "classifica": "ranking", "consenso": "consent", "nascosto": "hidden",
    "tendina": "select", "menu": "select",
    # front matter of pages and settings
    "traduzione": "translation", "autori": "authors", "autore": "authors", "author": "authors",
    "categoria": "categories", "category": "categories", "etichette": "tags", "tag": "tags", "inizia": "starts",
    "comincia": "starts", "start": "starts", "finisce": "ends", "termina": "ends", "end": "ends",
    "luogo": "place", "dove": "place", "annullato": "cancelled", "canceled": "cancelled", "bozza": "draft",
    "tema": "theme", "navigation": "nav", "navigazione": "nav", "comunita": "community",
    # German
    "titel": "title", "beschreibung": "description", "hinweis": "description", "felder": "fields", "feld": "field",
    "fragen": "fields", "frage": "title", "offnet": "opens", "beginn": "opens", "schliesst": "closes",
    "frist": "closes", "ende": "closes", "aufbewahren": "keep", "aufbewahrung": "keep", "veroffentlichen": "publish",
    "platze": "places", "benachrichtigen": "notify", "versiegeln": "seal", "schritte": "steps",
    "schwelle": "threshold", "sprache": "language", "zeitzone": "zone", "schaltflache": "button", "knopf": "button",
    "danach": "afterwards", "erinnerung": "remind", "betreff": "subject", "art": "kind", "typ": "type",
    "kategorien": "categories", "auswahl": "categories", "antworten": "categories", "grenzen": "constraints",
    "pflicht": "required", "lange": "maxlength", "muster": "pattern", "wert": "value", "beschriftung": "label",
    "abschnitt": "section", "bedingung": "showif", "wenn": "showif", "sonstiges": "other", "mischen": "shuffle",
    "tabelle": "matrix", "umfrage": "survey", "fragebogen": "survey", "anmeldung": "signup", "abstimmung": "poll",
    "ergebnisse": "results", "nichts": "nothing", "offentlich": "public", "personlich": "personal",
    "sensibel": "sensitive", "frei": "free-text", "wahr": "true", "ja": "true", "falsch": "false", "nein": "false",
    "taglich": "daily", "zahl": "number", "ganzzahl": "integer", "datum": "date", "monat": "yearmonth",
    "jahr": "year", "liste": "list", "telefon": "tel", "adresse": "uri", "skala": "scale", "rangfolge": "ranking",
    "einwilligung": "consent", "versteckt": "hidden", "ubersetzung": "translation", "autoren": "authors",
    "autor": "authors", "ort": "place", "abgesagt": "cancelled", "entwurf": "draft", "schlagworter": "tags",
    # French
    "titre": "title", "nom": "name", "indication": "description", "aide": "description", "champs": "fields",
    "champ": "field", "ouvre": "opens", "ouverture": "opens", "ferme": "closes", "cloture": "closes",
    "echeance": "closes", "fin": "closes", "conserver": "keep", "conservation": "keep", "publier": "publish",
    "prevenir": "notify", "sceller": "seal", "etapes": "steps", "seuil": "threshold", "langue": "language",
    "fuseau": "zone", "bouton": "button", "apres": "afterwards", "rappel": "remind", "objet": "subject",
    "choix": "categories", "reponses": "categories", "limites": "constraints", "obligatoire": "required",
    "longueur": "maxlength", "valeur": "value", "libelle": "label", "texte": "text", "condition": "showif",
    "autre": "other", "melanger": "shuffle", "grille": "matrix", "enquete": "survey", "questionnaire": "survey",
    "sondage": "survey", "inscription": "signup", "vote": "poll", "resultats": "results", "rien": "nothing",
    "personnel": "personal", "sensible": "sensitive", "libre": "free-text", "vrai": "true", "oui": "true",
    "faux": "false", "non": "false", "chaque": "each", "quotidien": "daily", "entier": "integer", "jour": "date",
    "mois": "yearmonth", "annee": "year", "telephone": "tel", "courriel": "email", "lien": "uri", "echelle": "scale",
    "classement": "ranking", "consentement": "consent", "cache": "hidden", "traduction": "translation",
    "auteurs": "authors", "auteur": "authors", "lieu": "place", "annule": "cancelled", "brouillon": "draft",
    "motscles": "tags",
    # Spanish
    "descripcion": "description", "indicacion": "description", "nombre": "name", "campos": "fields",
    "preguntas": "fields", "pregunta": "title", "abre": "opens", "cierra": "closes", "cierre": "closes",
    "plazo": "closes", "conservar": "keep", "publicar": "publish", "plazas": "places", "avisa": "notify",
    "sella": "seal", "pasos": "steps", "umbral": "threshold", "idioma": "language", "boton": "button",
    "despues": "afterwards", "recordatorio": "remind", "asunto": "subject", "opciones": "categories",
    "respuestas": "categories", "valor": "value", "codigo": "value", "etiqueta": "label", "texto": "text",
    "seccion": "section", "condicion": "showif", "otro": "other", "otra": "other", "cuadricula": "matrix",
    "encuesta": "survey", "cuestionario": "survey", "inscripcion": "signup", "votacion": "poll",
    "resultados": "results", "nada": "nothing", "publico": "public", "verdadero": "true", "cada": "each",
    "diario": "daily", "entero": "integer", "fecha": "date", "dia": "date", "ano": "year", "correo": "email",
    "enlace": "uri", "escala": "scale", "clasificacion": "ranking", "consentimiento": "consent", "oculto": "hidden",
    "traduccion": "translation", "autores": "authors", "lugar": "place", "cancelado": "cancelled",
    "borrador": "draft", "palabrasclave": "tags",
}  # fmt: skip
"""Words that people write in their own language, or as other tools call it, and the word that they mean here."""

LONGEST = 60
"""The most characters of a word that is compared with others."""


def plain(text: str) -> str:
    """Give a word without capitals, accents, quotes and blanks at its ends."""
    letters = unicodedata.normalize("NFKD", text.strip().strip("“”‘’\"'«»").casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def nearest(written: object, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Find the known word that was meant.

    Args:
        written: what was written.
        known: the words that may stand there, with their namespaces.
        cutoff: how much a word must resemble another to be taken for it, from 0 to 1.

    Returns:
        The word; empty where none is near.
    """
    by_name = {plain(word.partition(":")[2] or word): word for word in known}
    word = plain(str(written)[:LONGEST])
    name = re.sub(r"[\s_-]", "", word.rpartition(":")[2])
    for meant in (word, word.rpartition(":")[2], name, plural(name), MEANT.get(name, "")):
        if meant in by_name:
            return by_name[meant]
    if name == "tipo" and "kind" in by_name:
        return by_name["kind"]
    near = difflib.get_close_matches(name, list(by_name), 1, cutoff)
    return by_name[near[0]] if near else ""


def plural(name: str) -> str:
    """Give an English word with its `s`, or without it."""
    return name[:-1] if name.endswith("s") else f"{name}s"


def slug(text: object, between: str = "-") -> str:
    """Make of any text a name: small Latin letters, digits, and one mark between its words; perhaps empty."""
    letters = plain(str(text)[:LONGEST]).replace("æ", "ae").replace("ø", "o")
    return re.sub(r"[^a-z0-9]+", between, letters).strip(between)

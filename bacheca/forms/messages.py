"""The sentence and the remedy of every problem, in English; `locale/` translates them.

Capital codes speak to editors about a form file; lower-case codes speak to the person who answers.
"""

from __future__ import annotations

from bacheca.forms.catalogues import marked as _

SENTENCES: dict[str, tuple[str, str]] = {
    # form files
    "FORM_FILE": (
        _("The file cannot be read ({reason})"),
        _("save it as UTF-8 text (Notepad: Save as, Encoding, UTF-8), where you can read it"),
    ),
    "FORM_YAML": (
        _("From “{written}” on, the file cannot be understood"),
        _("look at this line and at the one above: a property is `name: value`, right under its neighbours"),
    ),
    "YAML_TAB": (_("“{written}” begins with a tab"), _("type spaces instead: `{mended}`")),
    "YAML_BLANK": (
        _("“{written}” holds a blank that only looks like a space ({char})"),
        _("type a space instead: `{mended}`"),
    ),
    "YAML_CONTROL": (
        _("“{written}” holds a character that cannot be seen ({char})"),
        _("type the line anew: `{mended}`"),
    ),
    "YAML_MARKER": (_("“{written}” closes the file before its end"), _("delete this line")),
    "YAML_DASH": (
        _("“{written}” is not read as an item of a list"),
        _("begin it with a hyphen and a space: `{mended}`"),
    ),
    "YAML_CURLY": (_("“{written}” has curly quotes"), _("type straight ones: `{mended}`")),
    "YAML_QUOTE": (_("A quote opens in “{written}” and does not close"), _("write `{mended}`")),
    "YAML_AFTER_QUOTES": (
        _("In “{written}” the text goes on after its quotes close"),
        _("put the whole text between quotes: `{mended}`"),
    ),
    "YAML_COLON_SPACE": (_("A space is missing after the colon in “{written}”"), _("write `{mended}`")),
    "YAML_COLON_MISSING": (_("The colon is missing in “{written}”"), _("write `{mended}`")),
    "YAML_COLON": (
        _("The text of “{written}” holds a colon, which would begin another property"),
        _("put the text between quotes: `{mended}`"),
    ),
    "YAML_SIGN": (
        _("The text of “{written}” begins with a sign that means something else here"),
        _("put the text between quotes: `{mended}`"),
    ),
    "YAML_BRACKET": (_("The brackets in “{written}” do not match"), _("write `{mended}`")),
    "YAML_LIST": (
        _("“{written}” has a value already, and a list follows it"),
        _("write `{mended}` here, and `- {value}` in the list"),
    ),
    "YAML_INDENT": (_("“{written}” is not in line with its neighbours"), _("write `{mended}`")),
    "YAML_CONTINUES": (
        _("“{written}” goes on with the text of the line above, and is not indented"),
        _("type spaces before it: `{mended}`"),
    ),
    "YAML_HASH": (
        _("Of “{written}” nobody reads what follows #"),
        _("put the text between quotes: `{mended}`; if it is a remark, type a space after #"),
    ),
    "FORM_ALIAS": (
        _("Anchors and aliases (& and *) are not used in forms"),
        _("write the value again; a text that begins with & or * goes between quotes"),
    ),
    "FORM_REPEATED_KEY": (_("{key} is written twice: on line {first}, and here"), _("delete one of the two")),
    "FORM_DEEP": (_("This is nested too deeply to be a form"), _("look for brackets that never close")),
    "FORM_SHAPE": (_("A form is a list of properties"), _("start from `python build.py new form NAME`")),
    "FORM_PROFILE": (_("$schema is not that of a Table Schema"), _("write `$schema: {profile}`")),
    "FORM_NAME": (_("name is {name}, but the file is {file}.yaml"), _("write `name: {file}`")),
    "FORM_FILE_NAME": (
        _("The file of a form cannot be called {file}.yaml"),
        _("rename it {near}.yaml, and write `name: {near}` in it"),
    ),
    "FORM_DATE": (_("{key} is {value}, which is not a date of the calendar"), _('write `{key}: "{near}"`')),
    "FORM_WRITTEN_IN": (_("{value} is not the code of a language"), _("write `form:language: {near}`")),
    "FORM_ZONE": (
        _("{value} is not the name of a time zone"),
        _("write `form:zone: {near}`: a continent and a city of it"),
    ),
    "OPENS_LATE": (
        _("The form opens on {opens}, after its last day, {closes}"),
        _("put the two days in order: `form:opens` comes before `form:closes`, or is the same day"),
    ),
    "FORM_KEEP": (
        _("{value} is not a time for which answers are kept"),
        _("write `form:keep: {near}`: a number, then days, months or years"),
    ),
    "FORM_PLACES": (
        _("{value} is not a number of places"),
        _("write `{key}: {near}`, or another whole number from 1 up"),
    ),
    "FORM_KEEP_LONG": (
        _("Nobody can promise to keep answers for {value}"),
        _("write {most} years or less, as in `form:keep: 2 years`"),
    ),
    "SEAL_NOTHING": (
        _("No field is personal or sensitive: there is nothing to seal"),
        _("write `form:privacy: personal` on what tells who somebody is, or remove form:seal"),
    ),
    "SEAL_OPEN": (
        _("What is answered to {name} is not sealed, and may lead to somebody"),
        _("write `form:privacy: personal` there to seal it, or `form:privacy: public` where it leads to nobody"),
    ),
    "SEAL_UNCOUNTED": (
        _("{name} is sensitive, so its answers are sealed, and the results do not count it"),
        _("ask it in another form, without form:seal, or write `form:publish: nothing` here"),
    ),
    "SEAL_FOLLOWS": (
        _("{name} is asked only after some answers to {after}, and sealed with it, so the results do not count it"),
        _("ask it of everybody, or both in another form, without form:seal, or write `form:publish: nothing` here"),
    ),
    "SEAL_CONSENT": (
        _("{name} is sealed, but whoever agrees to it leaves a proof that is not: it tells what should stay sealed"),
        _("ask for this consent of everybody, without form:privacy and form:showIf"),
    ),
    "FORM_PLACES_KIND": (
        _("Only a sign-up has places"),
        _("remove form:places, or write `form:kind: signup`"),
    ),
    "WORDS_SHAPE": (
        _("{key} says nothing"),
        _('write `{key}: {{{near}: "…"}}`, with your text in place of the dots; there may be: {allowed}'),
    ),
    "WORDS_LONG": (_("{key} has {count} characters"), _("shorten it: at most {most} fit where it is read")),
    "WORDS_LINES": (
        _("{key} is of several lines, or holds a character that cannot be seen"),
        _('write it on one line: `{key}: "{near}"`'),
    ),
    "MAIL_PLACEHOLDER": (
        _("{written} stands for nothing in a mail"),
        _("write {near}, another of {allowed}, or take its brackets away"),
    ),
    "MAIL_NOBODY": (
        _("{key} is about mail, and nobody leaves an address that is confirmed"),
        _("remove {key}, or write `form:kind: signup` and ask with `format: email`"),
    ),
    "REMIND_TIME": (
        _("{value} is not a time before an event"),
        _("write `form:remind: {near}`: from 1 day to {most} days"),
    ),
    "REMIND_SEALED": (
        _("Nobody can be reminded: the service cannot read addresses that are sealed"),
        _("remove form:remind, or form:seal"),
    ),
    "PLACES_CHOICE": (
        _("{choice} has places, and {name} is no question with one choice"),
        _("remove its form:places: only a question with one choice, and no row of a matrix, shares out places"),
    ),
    "PLACES_MORE": (
        _("{choice} has {value} places, and the whole form has {most}"),
        _("write `form:places: {most}` or less there, or raise that of the form"),
    ),
    "PLACES_SEALED": (
        _("{name} is sealed, so nobody can count who takes a place of {choice}"),
        _("write `form:privacy: public` in {name}, or remove form:seal"),
    ),
    "PLACES_FOLLOW": (
        _("{name} is sealed with {after}, after which it is asked, so nobody can count who takes a place of {choice}"),
        _("ask {name} of everybody, or remove form:seal"),
    ),
    "PLACES_NONE": (
        _("{key} is about places, and the form has none"),
        _("write `form:places: 40` too, or remove {key}"),
    ),
    "FORM_HOLD": (
        _("{value} is not a time for which a place is held"),
        _("write `form:hold: {near}`: from 1 hour to 14 days, in hours or days"),
    ),
    "WAITING_ADDRESS": (
        _("Whoever waits is told by e-mail of a place, and the form asks for no address"),
        _("add a required field with `format: email`, or remove form:waiting"),
    ),
    "WAITING_SEALED": (
        _("Whoever waits is told by e-mail of a place, and the addresses of this form are sealed"),
        _("remove form:seal, or form:waiting"),
    ),
    "SIGNUP_ADDRESS": (
        _("{name} can be left out, and whoever signs up confirms from that address"),
        _("write `constraints: {{required: true}}`, without form:showIf"),
    ),
    "FORM_NO_FIELDS": (_("The form asks nothing"), _("add at least one field under `fields:`")),
    "FORM_TOO_LONG": (
        _("The texts may hold {total} characters together, more than the service reads ({limit})"),
        _("lower some maxLength"),
    ),
    "FORM_TOO_MANY": (
        _("The form has {total} boxes and options, more than the service reads ({limit})"),
        _("take some away, or make two forms"),
    ),
    "UNKNOWN_KEY": (_("{key} is not known here"), _("delete it, or write one of: {allowed}")),
    "CONSTRAINT_LOOSE": (_("{key} is a limit, and limits stand together"), _("write `{near}` in its place")),
    "PROPERTY_TYPO": (_("{key} is not known here"), _("write `{near}` in its place")),
    "KEY_UNSUITED": (_("{key} does not go with what it stands in"), _("delete it; what goes there: {allowed}")),
    "NOT_IN_MATRIX": (_("{key} does not go with a matrix"), _("delete it, or take form:matrix away")),
    "LACKS_TEXT": (_("{key} is missing or empty"), _('write `{key}: "…"`, with your text in place of the dots')),
    "NOT_TEXT": (_("{key} is not read as a text"), _("put it between quotes: `{key}: {value}`")),
    "KEY_LACKS": (_("{key} is missing"), _("write `{key}: {near}`, or another of: {allowed}")),
    "NOT_ONE_OF": (_("{key} is {value}"), _("write `{key}: {near}`; it may be: {allowed}")),
    "FIELD_NAMELESS": (_("The field has no name"), _("write `name: {near}`")),
    "FIELD_SHAPE": (_("A field is a list of properties"), _("start it with `- name: …`")),
    "FIELD_NAME": (
        _("{name} cannot be a field's name"),
        _("write `name: {near}`: small letters without accents, digits and single underscores"),
    ),
    "FIELD_RESERVED": (_("{name} is a column that every package has"), _("write `name: {near}`, or another name")),
    "FIELD_TWICE": (_("Two fields are called {name}"), _("write `name: {near}` here, or another name")),
    "FIELD_KIND": (_("No kind of question is written as {written}"), _("write {near}; docs/forms.md has every kind")),
    "CODES_SHAPE": (
        _("{key} is not a list of values and labels"),
        _("write `- {{value: marketing, label: Marketing}}`"),
    ),
    "CODE_SHAPE": (_("Each of the {key} needs a value and a label"), _("write `- {near}`")),
    "CODE": (
        _("{given} cannot be a code"),
        _("write `value: {near}`, or another word of letters without accents, digits and hyphens"),
    ),
    "CODE_ANSWER": (
        _("The code {given} for no answer could be an answer, too"),
        _("use another one, such as `{near}`"),
    ),
    "CODE_TWICE": (_("The code {given} is there twice"), _("write `value: {near}` here, or another code")),
    "LABEL_TWICE": (
        _("The label “{label}” is there twice: whoever answers could not tell the two apart"),
        _("give each choice its own label"),
    ),
    "LABEL_IMPLIED": (
        _("The form itself offers “{label}” beneath this question: whoever answers could not tell the two apart"),
        _("give this choice another label, or delete it"),
    ),
    "CONSTRAINTS_SHAPE": (
        _("constraints is a list of properties"),
        _("write `constraints: {{maxLength: 200}}`"),
    ),
    "CONSTRAINT_NUMBER": (_("{key} is {value}"), _("write `{key}: {near}`, or another whole number")),
    "CONSTRAINT_BOOLEAN": (_("required is {value}"), _("write `required: {near}`")),
    "PATTERN_HINT": (
        _("Whoever does not answer by the pattern is told to write as the hint says, and there is no hint"),
        _('write `description: "…"`, and in it what to write and an example'),
    ),
    "CONSTRAINT_PATTERN": (
        _("In the pattern, {part} is not read alike by the service, the browser and the programs of analysts"),
        _("write {instead}"),
    ),
    "PATTERN_UNKNOWN": (
        _("In the pattern, {part} is not understood by the service, the browser and the programs of analysts alike"),
        _("write it with letters, classes such as [a-z], groups, | and repetitions, or say it in the description"),
    ),
    "PATTERN_ANCHOR": (
        _("In the pattern, {part} stands where nothing begins or ends"),
        _("remove it: it is always the whole answer that must match"),
    ),
    "PATTERN_LONG": (
        _("The pattern is too long, or repeats too much"),
        _("write at most {most} characters, and the length of an answer as minLength and maxLength"),
    ),
    "PATTERN_SLOW": (
        _("With some answers, programs that read this pattern would try for minutes"),
        _("let each repetition begin with what ends the one before, as in `[a-z]+( [a-z]+)*`, or lower maxLength"),
    ),
    "CONSTRAINT_BOUND": (_("{key} is {value}"), _("write `{key}: {near}`")),
    "NUMBER_COMMA": (_("“{written}” is read as two properties"), _("write the number with a point: `{near}`")),
    "CONSTRAINT_ORDER": (_("{high} is less than {low}"), _("exchange them")),
    "CONSTRAINT_LENGTH": (
        _("An answer would have at least {least} characters and at most {most}"),
        _("write `maxLength: {proposed}`, or a lower minLength"),
    ),
    "CODE_NUMBER": (_("{given} is not a whole number"), _("write a whole number, or `type: string` for the field")),
    "OTHER_NUMBER": (_("Another answer cannot be kept as a number"), _("write `type: string`")),
    "COLUMN_TWICE": (_("Two columns of the package would be called {column}"), _("rename the field or a code")),
    "SCALE_LENGTH": (
        _("A scale has from 2 to {most} steps"),
        _("write `constraints: {{minimum: 1, maximum: 5}}`, or another pair as near"),
    ),
    "SCALE_ENDS": (
        _("The ends of the scale have no words"),
        _("write `form:ends: {{low: Per niente, high: Moltissimo}}`"),
    ),
    "CHOOSE_SHAPE": (_("form:choose says neither min nor max"), _("write `form:choose: {{min: 1, max: 3}}`")),
    "CHOOSE_NUMBER": (
        _("{key} is {value}, but there are {most} categories"),
        _("write a whole number from 1 to {most}"),
    ),
    "EXCLUSIVE": (
        _("{given} is not among the categories"),
        _("write `form:exclusive: {near}`, or another code of theirs"),
    ),
    "SECTION_SHAPE": (
        _("A section has a title, and may have a text"),
        _("write `form:section: {{title: …, text: …}}`"),
    ),
    "STEPS_ALONE": (
        _("There is one section only: nothing to do in steps"),
        _("open another with `form:section`, or remove form:steps"),
    ),
    "MATRIX_APART": (_("The rows of the matrix {matrix} do not stand together"), _("move this field under the others")),
    "MATRIX_ROWS": (_("This row of the matrix {matrix} differs from the one above it"), _("give both the same {keys}")),
    "MATRIX_FIRST": (_("{key} stands on the first row of a matrix only"), _("move it there")),
    "MATRIX_ORDER": (_("The categories of a matrix are in order"), _("add `categoriesOrdered: true`")),
    "SHOWIF_SHAPE": (
        _("This is not a condition"),
        _("write `form:showIf: {{field: {name}, equals: CODE}}`, or `in: [CODE, CODE]`, or `answered: true`"),
    ),
    "SHOWIF_MIXED": (
        _("{keys} cannot stand together in one condition"),
        _("write each in a condition of its own: `all: [{{…}}, {{…}}]`, or `any: [{{…}}, {{…}}]`"),
    ),
    "SHOWIF_LIST": (
        _("After {key} comes a list of conditions"),
        _("write `{key}: [{{field: {name}, answered: true}}, {{…}}]`"),
    ),
    "SHOWIF_EMPTY": (_("There is nothing in {key}"), _("write what the answer must be, or remove {key}")),
    "SHOWIF_DEEP": (
        _("More than {most} groups of conditions stand in one another"),
        _("put what is in this group into the one around it, or into the condition of an earlier field"),
    ),
    "SHOWIF_ORDER": (
        _("The answers of {name} have no order: {key} has nothing to compare"),
        _("write `equals: CODE`, `in: [CODE, CODE]` or `answered: true`"),
    ),
    "SHOWIF_NEVER": (
        _("The condition never holds, whatever is answered: nobody would see this"),
        _("change the condition, or the limits and conditions of {names}"),
    ),
    "SHOWIF_ALWAYS": (
        _("The condition always holds, whatever is answered to {names}"),
        _("remove it, or narrow it"),
    ),
    "SHOWIF_UNKNOWN": (
        _("There is no field {name} to look at"),
        _("write `field: {near}`, or the name of another field above"),
    ),
    "SHOWIF_LATER": (_("{name} comes after this field"), _("move this field under {name}, or look at an earlier one")),
    "SHOWIF_LOOP": (
        _("The condition leads back to this field by way of {name}"),
        _("take one of these conditions away"),
    ),
    "SHOWIF_COMPARES": (_("The answers of {name} have no codes to compare"), _("write `{near}`")),
    "SHOWIF_UNREACHABLE": (
        _("The condition waits for an answer that {name} never has: {value}"),
        _("write one of: {allowed}"),
    ),
    "TRANSLATION_LANGUAGE": (
        _("{language} is not the code of another language"),
        _("rename the file {name}.{near}.yaml"),
    ),
    "TRANSLATION_SHAPE": (
        _("A translation has the shape of its form"),
        _("copy the form and keep only the words"),
    ),
    "TRANSLATION_ALONE": (_("There is no form {form} to translate"), _("rename the file {near}, or delete it")),
    "TRANSLATION_LACKS": (_("The translation of {what} is missing"), _("add it, in the language of this file")),
    "TRANSLATION_MORE": (_("{what} is not among the words of the form"), _("delete it")),
    "TRANSLATION_NAME": (_("The form has no field {name}"), _("write `name: {near}`")),
    "TRANSLATION_STALE": (
        _("The words of {what} have changed since they were translated"),
        _("mend the translation, then run `python build.py translated {form}`"),
    ),
    "TRANSLATION_UNMARKED": (
        _("Nobody knows whether this translation is of the words as they are now"),
        _("read it once more, then run `python build.py translated {form}`"),
    ),
    "PACKAGE": (_("The package is not valid: {reason}"), _("export it again")),
    "PACKAGE_CHANGED": (
        _("{file} is not as it was exported: somebody has changed it"),
        _("move what was changed by hand away, and export again"),
    ),
    "STORED_RESPONSE": (
        _("This stored response does not hold against its form: {fields}"),
        _("see what changed the database"),
    ),
    # answers
    "required": (_("Answer “{title}”"), ""),
    "choose": (_("Choose an answer to “{title}”"), ""),
    "no-place": (_("“{title}”: no place is left for {choice}. Choose another, or come back another day"), ""),
    "agree": (_("Tick the box “{title}” to go on"), ""),
    "repeated": (_("“{title}” has more than one answer: keep one"), ""),
    "reserved": (
        _("“{code}” has a meaning of its own here: write your answer to “{title}” in other words"),
        "",
    ),
    "too-long": (_("The answer to “{title}” is too long: at most {limit} characters"), ""),
    "too-short": (_("The answer to “{title}” is too short: at least {limit} characters"), ""),
    "too-low": (_("“{title}” must be at least {limit}"), ""),
    "too-high": (_("“{title}” must be at most {limit}"), ""),
    "not-a-choice": (_("Choose one of the answers listed under “{title}”"), ""),
    "not-the-pattern": (_("Write “{title}” as the hint says"), ""),
    "pattern-example": (_("Write “{title}” in the way that is asked, such as {example}"), ""),
    "not-one-line": (_("Write “{title}” on one line"), ""),
    "formula": (_("Write “{title}” without the {sign} at its beginning"), ""),
    "not-email": (_("Write “{title}” as an e-mail address, such as name@example.org"), ""),
    "not-phone": (_("Write “{title}” as a phone number, such as {here} or, of another country, {abroad}"), ""),
    "phone-prefix": (
        _("Write “{title}” in full, and with the prefix of its country where that is not {country}, such as {abroad}"),
        "",
    ),
    "phone-international": (_("Write “{title}” with the prefix of its country, such as {abroad}"), ""),
    "not-uri": (_("Write “{title}” as a web address, such as https://example.org"), ""),
    "not-integer": (_("Write “{title}” as a whole number, in figures, such as 12"), ""),
    "not-number": (_("Write “{title}” as a number, in figures, such as 12.5"), ""),
    "too-many-digits": (_("The number in “{title}” is too long: at most {limit} digits"), ""),
    "not-boolean": (_("Choose an answer to “{title}”"), ""),
    "not-date": (_("Write “{title}” as a date that exists, such as 30/6/2027"), ""),
    "day-first": (_("Write the day of “{title}” before the month: {date}"), ""),
    "year-short": (_("Write the year of “{title}” with four digits: {year}"), ""),
    "not-year": (_("Write “{title}” as a year of four digits, such as 2027"), ""),
    "not-yearmonth": (_("Write “{title}” as a month and a year, such as 6/2027"), ""),
    "two-readings": (_("“{title}” can be read in two ways: write {one} or {other}"), ""),
    "too-early": (_("“{title}” cannot be before {limit}"), ""),
    "too-late": (_("“{title}” cannot be after {limit}"), ""),
    "alone": (_("“{label}” cannot go with other answers to “{title}”: keep one or the others"), ""),
    "too-few-choices": (_("Choose at least {limit} answers to “{title}”"), ""),
    "too-many-choices": (_("Choose at most {limit} answers to “{title}”"), ""),
    "other-says-nothing": (_("Say which other answer you give to “{title}”"), ""),
    "other-too": (_("You chose an answer to “{title}” and also wrote “{other}”: keep one"), ""),
    "rank": (_("Give the answers to “{title}” their numbers"), ""),
    "same-rank": (_("Two answers to “{title}” have the number {rank}: give each its own"), ""),
    "no-rank": (_("No answer to “{title}” has the number {rank}: give the numbers from 1 without gaps"), ""),
    "too-few-ranks": (_("Give a number to at least {limit} answers to “{title}”"), ""),
    # the whole of what was sent
    "nothing-answered": (_("You have not answered any question: answer at least one, or close the page"), ""),
    "nothing-left": (_("No answer is left: answer at least one question, or withdraw what you sent"), ""),
    "not-utf8": (_("Some characters could not be read: check the answers and send again"), ""),
    "bad-escape": (_("Some characters could not be read: check the answers and send again"), ""),
    "nul": (_("An answer held a character that cannot be kept: check the answers and send again"), ""),
    "too-many-parts": (_("More was sent than this form asks: check the answers and send again"), ""),
    "body-cut-short": (_("The answers did not arrive whole: check them and send again"), ""),
    "not-json": (_("This is not JSON"), ""),
    "json-object": (_("The answers go in one JSON object, by the names of the fields"), ""),
    "json-twice": (_("A field is there twice"), ""),
    "json-value": (_("A value is a text, a number, true, false or a list of texts"), ""),
    # a form that came back by e-mail
    "mail-unread": (_("“{text}” under “{title}” is none of its answers"), ""),
    "mail-lacks": (_("The question “{title}” is missing"), ""),
    "mail-notice": (_("The text agreed to in “{title}” is not there as it is today"), ""),
    "letter-size": (
        _("The e-mail is larger than {limit}"),
        _("save it without what is attached to it, and read it again"),
    ),
    "letter-lines": (
        _("The e-mail has more than {limit} lines"),
        _("save it without what is attached to it, and read it again"),
    ),
    "letter-parts": (
        _("The e-mail has more than {limit} parts, or they lie in one another more than {depth} deep"),
        _("ask whoever wrote to send the form by itself"),
    ),
    "letter-header": (
        _("A header of the e-mail is longer than {limit} characters, or there are more than {count}"),
        _("ask whoever wrote to send the form by itself"),
    ),
    "letter-text": (
        _("The text of the e-mail is longer than {limit} lines or {count} characters"),
        _("ask whoever wrote to send the form by itself, as plain text"),
    ),
    "letter-forms": (
        _("The e-mail holds more than {limit} forms"),
        _("ask whoever wrote to send the form by itself"),
    ),
    "letter-hard": (
        _("The e-mail took longer than {limit} seconds to read, or too much memory"),
        _("ask whoever wrote to send the form by itself, as plain text"),
    ),
    "changed": (_("The form has changed since you opened it: check your answers and send again"), ""),
}

WARNINGS = frozenset(
    (
        "TRANSLATION_STALE",
        "TRANSLATION_UNMARKED",
        "PATTERN_HINT",
        "SHOWIF_ALWAYS",
        "SEAL_OPEN",
        "SEAL_UNCOUNTED",
        "SEAL_FOLLOWS",
        "SEAL_CONSENT",
    )
)
"""Problems that are said and stop nothing."""

CHANGES: dict[str, str] = {
    "seal-removed": _("the form was sealed and cannot be opened: people answered under the stricter promise"),
    "form-kind-changed": _("the form was a {before} and is now a {after}: give the new form a new name"),
    "results-loosened": _("nothing was to be published: people answered under that promise; give the form a new name"),
    "form-reworded": _("the words of the form changed: no kept answer depends on them"),
    "fewer-places": _("{key} is now {now}: whoever has a place already keeps it, even where more are taken"),
    "fewer-places-of-choice": _(
        "{field}: {code} now has {now} places: whoever has one already keeps it, even where more are taken"
    ),
    "more-places-of-choice": _("{field}: {code} has more places than before, and no kept answer depends on it"),
    "form-changed": _("{key} changed: no kept answer depends on it"),
    "privacy-tightened": _("{field} was {before} and is now {after}: what is kept is held as strictly from now on"),
    "ends-exchanged": _(
        "{field}: the words at the ends of the scale changed places, so kept answers would mean the contrary: give the"
        " new question a new name"
    ),
    "quotes-widened": _("{field}: nobody agreed to be quoted on {added}: ask for that in a new field"),
    "property-harmless": _("{field}: {key} changed: no kept answer depends on it"),
    "made-optional": _("{field} is no longer required: what is kept stays as it is"),
    "scale-moved": _("{field}: the scale was {before} and is now {after}, so a new file begins"),
    "ranking-widened": _("{field}: the code {code} is new among what is ranked, so a new file begins"),
    "missing-added": _(
        "{field}: {code} now stands for no answer and may be an answer that is kept, so a new file begins"
    ),
    "reworded": _("the words of {field} changed: kept answers stay as they are, under the new words"),
    "field-removed": _("{field} was removed: its answers stay in the file of the version before"),
    "fields-reordered": _("the fields stand in another order: a new file begins"),
    "required-field-added": _("{field} is new and required: earlier responses lack it, so a new file begins"),
    "field-inserted": _("{field} is new and not at the end: a new file begins; put it last to go on with this one"),
    "field-added": _("{field} is new and optional: earlier responses leave it blank"),
    "kind-changed": _("{field} was a {before} and is now a {after}: give the new question a new name"),
    "name-reused": _("{field} was the name of the question “{title}”: give the new question a new name"),
    "privacy-loosened": _("{field} was {before} and cannot become {after}: people answered under the stricter promise"),
    "made-required": _("{field} is now required: a new file begins"),
    "property-changed": _("{field}: {key} changed, so a new file begins"),
    "limit-looser": _("{field}: {key} goes from {before} to {after}, which all kept answers respect"),
    "limit-tighter": _("{field}: {key} goes from {before} to {after}, so a new file begins"),
    "label-moved": _("{field}: the code {code} takes the label “{label}” that belonged to {owner}: use a new code"),
    "code-reused": _("{field}: the code {code} had another meaning: use a new code"),
    "scale-changed": _("{field}: the code {code} is new in an ordered scale, so a new file begins"),
    "code-added": _("{field}: the code {code} is new"),
    "code-removed": _("{field}: the code {code} is gone, so a new file begins"),
    "codes-reordered": _("{field}: the {key} stand in another order, so a new file begins"),
    "version-returned": _("the form asks again as it did once before: the file of then goes on"),
}
"""What each change of a form means, for `bacheca/forms/definition/evolution.py`."""

"""The sentences that editors read, in English; `locale/` translates them.

`SENTENCES` has the sentence and the remedy of every problem, `SAYINGS` what the command says as it goes
and the words of the pages it writes by itself.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _

LOCALE = Path(__file__).parent / "locale"


CATALOGUE = Catalogue("portal", LOCALE)
say = CATALOGUE.say


def as_written(example: str, language: str) -> str:
    """Give an example of front matter as somebody writes it whose pages are in a language."""
    return CATALOGUE.of(language).gettext(example)


SENTENCES: dict[str, tuple[str, str]] = {
    # settings and command
    "SETTINGS_FILE": (
        _("The settings cannot be read: {reason}"),
        _("mend the file, or name another with --config-file"),
    ),
    "SETTING_ADDRESS": (_("site_url is {value}, which is not an address of the web"), _("write `site_url: {near}`")),
    "SETTING_MISSING": (_("{key} is missing"), _("write it, for example `{example}`")),
    "SETTING_TYPO": (_("{key} is no setting: nobody reads it"), _("write `{near}` in its place")),
    "SETTING_UNREAD": (
        _("{key} is a setting that nobody reads"),
        _("take it out, or write `{near}` where that was meant"),
    ),
    "SETTING_SHAPE": (_("{key} cannot be {value}"), _("write `{example}`")),
    "SETTING_RENAMED": (
        _("{key} is called {near} since Bacheca {since}"),
        _("write `{near}` in its place: `bacheca upgrade` does it"),
    ),
    "FOLDER_NEWER": (
        _("This folder is of Bacheca {made}, and this is {own}, which does not know what it holds"),
        _("install {made} or a newer one (`pip install --upgrade bacheca`), or bring the folder back as it was before"),
    ),
    "FOLDER_RECORD": (
        _("What the folder remembers of the Bacheca that made it cannot be read"),
        _("bring the folder .bacheca back from git or from a backup"),
    ),
    "INIT_FOLDER": (
        _("{folder} holds something already"),
        _("name a folder that is not there yet, or an empty one"),
    ),
    "INIT_VALUE": (_("{option} cannot be {value}"), _("write something like `{example}`")),
    "SETTING_THEME": (_("The theme is {value}, and a portal is written for another"), _("write `{near}` there")),
    "SETTING_LANGUAGES": (
        _("extra.community.languages is {value}, which is no list of languages, each once"),
        _("write `{near}`, the main one first"),
    ),
    "LANGUAGE_UNLISTED": (
        _("Nobody reads {file}: extra.community.languages does not name its language"),
        _("write `languages: [{languages}]`, or delete that file"),
    ),
    "SETTING_ZONE": (
        _("extra.community.zone is {value}, which is not the name of a time zone"),
        _("write `zone: {near}`: a continent and a city of it"),
    ),
    "SETTING_LANGUAGE": (_("{key} is {value}, which is not the code of a language"), _("write `{near}` there")),
    "SETTING_LIST": (
        _("{key} is neither a list nor a mapping"),
        _("write `{example}`, and whatever else belongs there"),
    ),
    "SETTING_EXTENSION": (
        _("The Markdown extension {name} cannot be loaded: {reason}"),
        _("correct its options, or take it out"),
    ),
    "SETTING_CODE": (
        _("{what} could run code, or read files, on the machine that builds"),
        _("take it out; only who runs that machine may allow it, with {allow} in the environment of the build"),
    ),
    "SETTING_HOOK": (
        _("hooks names {value}, which is no file of {folder}"),
        _("write its path from there, or take it out"),
    ),
    "SETTING_PATH": (
        _("{key} is {value}, which leads out of what the portal may publish"),
        _("write a name within the portal, such as {example}"),
    ),
    "SETTING_COLOUR": (_("{key} is {value}, which is no colour of a screen"), _("write it like `{example}`")),
    "SETTING_CONTRAST": (
        _("{key} is {value}: on {ground} it has a contrast of {ratio}, and to be read it needs {least}"),
        _("write `{near}`, the nearest colour that has it"),
    ),
    "LOOK_FILE": (
        _("Nobody uses {file}: the files in content/assets are known by their names"),
        _("call it {near}, or take it out"),
    ),
    "LOOK_BROKEN": (
        _("{file} cannot be used ({reason})"),
        _("put a file of the kind {ending} there that opens by itself, and names no other"),
    ),
    "THEME_SYNTAX": (
        _("{file} is no template: {reason}"),
        _("correct this line, or take the file out"),
    ),
    "THEME_UNKNOWN": (
        _("{file} takes the place of nothing, and no page asks for it"),
        _("call it {near}, name it as `template` in a page, or take it out"),
    ),
    "THEME_OLDER": (
        _("{file} was made of another version of {original}"),
        _("see what is in that now, then write `{comment}` in its first line"),
    ),
    "THEME_LACKS": (
        _("{file} leaves out {mark}, without which forms or pages do not work"),
        _("call super() in the block that had it, or put it in"),
    ),
    "THEME_BLOCK": (
        _("The template has no block {block}: nobody would see it"),
        _("use one of: {allowed}"),
    ),
    "THEME_STOPPED": (
        _("The policy of the pages stops {what}: readers would not get it"),
        _("put scripts and styles into files of their own, named in extra_javascript or extra_css"),
    ),
    "SETTING_SITE_URL": (_("site_url is {value}, outside {main}"), _("write `site_url: {near}`")),
    "SETTING_NAV": (_("nav names {target}, which is not there"), _("write `{near}`, or the path of another page")),
    "SETTING_RULE": (_("extra.rules names {value}, which is no rule of `check`"), _("write `{near}`, or another rule")),
    "SETTING_RULE_KEPT": (
        _("{value} is an error for everybody: it keeps readers and answers safe, or the build from failing"),
        _("take its line out of extra.rules"),
    ),
    "SETTING_RULE_LEVEL": (_("{key} is {value}, which is no level and no limit"), _("write `{example}`")),
    "SETTING_LINK": (
        _("A link at the foot of every page leads to {href}, which is not there"),
        _("write `href: {near}`, or take the link out of footer_links"),
    ),
    "CONTENT_MISSING": (_("There is no folder {folder}"), _("create it, or change docs_dir")),
    "LANGUAGE_UNKNOWN": (_("The portal has no language {language}"), _("choose one of: {allowed}")),
    "AGAINST": (
        _("git cannot give the forms as they were at {reference}: {reason}"),
        _("name a commit, a branch or a tag that `git log` knows"),
    ),
    "FILE": (_("This cannot be read or written: {reason}"), _("see to the file, its folder and its rights")),
    "DISK_FULL": (_("There is no room left in {folder}"), _("make room on that disk, then try again")),
    "SITE_DIR": (_("{folder} cannot be replaced: {reason}"), _("name another folder with --site-dir")),
    "SITE_DIR_TAKEN": (
        _("{folder} holds files that no build wrote: it will not be replaced"),
        _("empty it, or name another folder with --site-dir"),
    ),
    # files of the content
    "FILE_LINK": (
        _("{name} is a link: whatever it leads to could be published"),
        _("take it away, and put the file itself there"),
    ),
    "FILE_KIND": (_("{name} is neither a file nor a folder"), _("take it away")),
    "FILE_NAME": (
        _("The name {name} has a character that not every system can write"),
        _("rename it with letters, digits, hyphens and points"),
    ),
    "FILE_CASE": (
        _("{name} differs from {other} by its capitals or accents alone: some systems keep only one of them"),
        _("rename one of the two"),
    ),
    "FILE_HEAVY": (
        _("{name} is larger than {limit} MB"),
        _("make it smaller, or keep it somewhere else and write its address"),
    ),
    # front matter
    "PAGE_FILE": (
        _("The page cannot be read ({reason})"),
        _("save it as UTF-8 text (Notepad: Save as, Encoding, UTF-8), where you can read it"),
    ),
    "PAGE_HEAD_MARK": (
        _("The front matter begins and ends with three hyphens, not with “{written}”"),
        _("write `---`"),
    ),
    "PAGE_HEAD_OPEN": (
        _("The front matter begins and does not end"),
        _("write `---` here, alone on a line above the text"),
    ),
    "PAGE_TOML": (
        _("From “{written}” on, the front matter cannot be understood"),
        _('look at this line and at the one above: between `+++` a property is `name = "value"`'),
    ),
    "PAGE_YAML": (
        _("From “{written}” on, what is written cannot be understood"),
        _("look at this line and at the one above: a property is `name: value`, right under its neighbours"),
    ),
    "PAGE_TANGLED": (
        _("From here on the page is nested too deep, or opens brackets and fences without end: it would take too long"),
        _("close what is open, or split the page"),
    ),
    "PAGE_MARKDOWN": (
        _("The engine cannot read the page: {reason}"),
        _("take out what was written last until it can; if a single line does it, write that line otherwise"),
    ),
    "PAGE_EMPTY": (_("The page says nothing"), _("write its text here, or delete the file")),
    "PAGE_LEFT_OUT": (
        _("No page is made of {file}: names that begin with a point, and the folder templates, are left out"),
        _("give the file or its folder another name, or write `exclude_docs: {file}` to leave it out on purpose"),
    ),
    "PAGE_HIDDEN": (
        _("No page is made of {file}: {other} has the same address"),
        _("keep one of the two"),
    ),
    "PAGE_NAME": (_("Nobody reads {file}: the names of pages end in .md, in small letters"), _("rename it {near}")),
    "PAGE_STRAY": (
        _("{file} is not a page: nobody reads it, and no page leads to it"),
        _("copy its text into {near}, or delete it; to offer it as it is, link to it in a page"),
    ),
    "PAGE_ORPHAN": (
        _("Nothing leads to the page {file}: neither `nav` nor any page"),
        _("link to it in a page, write `- {file}` under `nav`, or name it under `not_in_nav`"),
    ),
    "ADDRESS_NAME": (
        _("{file} has blanks, accents or signs in its name, which stand badly in an address"),
        _("rename it {near}"),
    ),
    "PICTURE_UNUSED": (
        _("No page shows the picture {file}"),
        _("write `![what it shows]({file})` in a page, or delete it"),
    ),
    "IMPORT_SOURCE": (
        _("{folder} is a folder of no tool that is known"),
        _("give the one that holds its settings: {tools}"),
    ),
    "REDIRECT_ADDRESS": (
        _("{address} is no address that a page of this portal could have had"),
        _("write it as it follows the name of the host, for example `{example}`"),
    ),
    "REDIRECT_TAKEN": (_("Somebody who opens {address} gets {other} already"), _("take it out of one of the two")),
    "KEY_MISSING": (_("{key} is missing or empty"), _("write it in the front matter, for example `{example}`")),
    "EVENT_NO_HOUR": (
        _("{key} is {value}: the clocks go forward past that hour"),
        _("write `{example}`, or the hour that you mean"),
    ),
    "EVENT_HOUR_TWICE": (
        _("{key} is {value}: the clocks go back, and that hour comes twice"),
        _("write `{example}` for the first, `{other}` for the second"),
    ),
    "KEY_INVALID": (_("{key} is {value}"), _("write `{example}`")),
    "KEY_QUOTE": (_("{key} is written {written}, which YAML reads as {value}"), _("write `{example}`, with quotes")),
    "KEY_TYPO": (_("{key} is not known here"), _("write `{near}` in its place")),
    "DESCRIPTION_LONG": (_("The description has {length} characters"), _("say it in {limit} at most")),
    "DESCRIPTION_NONE": (
        _("The page has no description: lists and search engines show how its text begins"),
        _("write `{example}`, or what the page is about, in the front matter"),
    ),
    "AUTHOR_UNKNOWN": (
        _("No author is called {value}"),
        _("write {near}, or add {value} to {file}; it has: {allowed}"),
    ),
    "TOPIC_TYPO": (
        _("Only this article has {value}, and others have {near}"),
        _("write {near}, unless you mean another thing"),
    ),
    "FORM_NOWHERE": (
        _("No page shows the form {name}"),
        _("write in a page `/// form | {name}`, and `///` on the next line"),
    ),
    "POSTER_UNKNOWN": (
        _("There is no form and no page {name} to make a poster of"),
        _("write {near}: the name of a form that a page shows, or the address of a page"),
    ),
    "EVENT_NONE": (
        _("{key} needs an event, and none leads to this form"),
        _("lead to its page from the page of an event, with `signup:`, or remove {key}"),
    ),
    "EVENT_SEVERAL": (
        _("{key} needs one event, and several to come lead to this form: {titles}"),
        _("give each a form of its own, or remove {key}"),
    ),
    "AFTERWARDS_PAGE": (
        _("{target} is no page of the portal in this language"),
        _("write `page: {near}`, or the address of another page, without the portal’s own"),
    ),
    "FORM_STRAY": (_("{file} is not a form: nobody reads it"), _("move it out of the folder of forms, or delete it")),
    "FORM_STRAY_NAME": (
        _("Nobody reads {file}: the names of forms end in .yaml, in small letters"),
        _("rename it {near}"),
    ),
    "MORE_MISSING": (_("The article has no `<!-- more -->`"), _("put it after the first paragraph or two")),
    "ADDRESS_TWICE": (_("The address {value} belongs to {other} already"), _("give this one another")),
    "AUTHORS_FILE": (
        _("The authors cannot be read"),
        _("write `authors:` and, under it, each name with its `name`, `description` and `avatar`"),
    ),
    "SYNONYMS_FILE": (
        _("The words for the search cannot be read"),
        _("write a line for each place: `{example}`"),
    ),
    "SYNONYMS_PLACE": (
        _("{place}: there is no such page, or nothing on it has that name"),
        _("write {near}, which is the nearest"),
    ),
    "SYNONYMS_WORDS": (
        _("{place} has no words that lead to it"),
        _("write a list of texts, {limit} characters each at most: `{example}`"),
    ),
    "TRANSLATION_TWICE": (
        _("translation: {value} stands in {other} too, in the same language"),
        _("keep it in one page of a language"),
    ),
    # body
    "SETTING_UNKNOWN": (_("{written} is not a setting of the community"), _("use one of: {allowed}")),
    "FORM_UNKNOWN": (_("There is no form {name}"), _("create content/forms/{name}.yaml, or use one of: {allowed}")),
    "FORM_LANGUAGE": (_("The form {name} does not speak the page's language ({language})"), _("add {file}")),
    "TRANSLATION_NONE": (_("The form {name} has no translation"), _("write {name}.en.yaml beside it")),
    "BLOCK_OPEN": (_("The block is not closed"), _("write `{mark}` alone on the next line")),
    "PAGE_INCLUDE": (
        _("{written} would put another file into the page"),
        _("write its text here; what stands in several pages can be a {{{{ fact.… }}}} of the settings"),
    ),
    "PAGE_CODE": (
        _("{written} would run code, or another site's page, in the reader's browser: it is let run nowhere here"),
        _("take it out; to lead elsewhere, write a link: `[where it leads](https://…)`"),
    ),
    "LINK_DRAFT": (
        _("{target} leads to a draft, which is not published"),
        _("take the link away until {file} is published: it says `draft: true`, or draft_docs names it"),
    ),
    "LINK_HOME": (
        _("The link {target} leads to the reader's own computer"),
        _("write the path of a page, such as `profilo.md`, or an address of the web"),
    ),
    "LINK_DEAD": (_("The link {target} leads to nothing"), _("write {near}, which is the nearest")),
    "LINK_NOTHING": (
        _("The link {target} leads to nothing, and nothing here has a name like it"),
        _("put the file there, or take the link out"),
    ),
    "LINK_LETTERS": (
        _("The link {target} is written with other characters than the file, although both look the same"),
        _("copy {near} from here; better, rename the file {name}, without accents, and write that"),
    ),
    "LINK_ELSEWHERE": (
        _("The link {target} leads to nothing here: it lacks the beginning of an address"),
        _("write {near}"),
    ),
    "LINK_SLASH": (_("The link {target} has the slashes of Windows"), _("write {near}")),
    "LINK_ADDRESS": (_("The link {target} is an address, not a file"), _("write {near}")),
    "ANCHOR_DEAD": (_("{target}: nothing on that page has that name"), _("write {near}, which is the nearest")),
    "HEADING_LEVEL": (_("The heading {level} is out of order here"), _("write {wanted}")),
    "PICTURE_WORDS": (
        _("The picture {picture} has no words for those who cannot see it"),
        _('say what it shows: `![a ladder of four steps](ladder.svg)`; where it shows nothing, write `<img alt="" …>`'),
    ),
    "FORM_PICTURE_WORDS": (
        _("The picture {picture} has no words for those who cannot see it"),
        _("say what it shows: `![a ladder of four steps]({picture})`; a form needs no ornament"),
    ),
    "PICTURE_LARGE": (
        _("The picture {file} has more than {most} million pixels"),
        _("make it smaller: 4,000 pixels on its longest side are enough for every screen"),
    ),
    "PICTURE_BROKEN": (
        _("{file} cannot be read to its end as a picture"),
        _("save it anew as JPEG, PNG or WebP, or copy it once more from where you have it"),
    ),
    "IMAGE_TEXT": (
        _("image says only where the picture is, and so nobody sees it"),
        _("say also what it shows: `{example}`"),
    ),
    "PICTURE_HEAVY": (
        _("The picture {picture} weighs {weight} kB"),
        _("make it smaller: {limit} kB at most, since many read on a phone"),
    ),
    "SPELLING": (_("{word} is not in the dictionary"), _("write {near}, or add {word} to {file} if it is right")),
    "SPELLING_NONE": (
        _("The dictionary {name} is not on this machine: spelling was not checked"),
        _("on Debian, apt-get install hunspell-it or another; elsewhere write its path in extra.spelling"),
    ),
    "PAGE_STALE": (
        _("The page that this one translates ({key}) has changed since"),
        _("read them side by side, then run `python build.py translated {file}`"),
    ),
    "PAGE_NO_ORIGINAL": (
        _("This is not a page that translates another"),
        _("name a page of a further language whose `translation` key stands in a page of the main one"),
    ),
    # what must not be published
    "RELEASE_PLACEHOLDER": (_("{written} is still to be filled in"), _("write what belongs here")),
    "RELEASE_ADDRESS": (_("{written} is a sample address, which reaches nobody"), _("write the community's own")),
    "RELEASE_SAMPLE": (_("This page is a sample"), _("write your own, and take `sample: true` away")),
    # render and finish
    "ENGINE": (_("{engine} could not make the pages ({language}):\n{output}\n"), _("all that it said is in {log}")),
    "ENGINE_MISSING": (_("{engine} is not installed"), _("install the pins of requirements-dev.lock")),
    "SHELL_MARKS": (_("The page has no {mark}"), _("put it back in bacheca/portal/theme/404.html")),
    "REFERENCE_DEAD": (
        _("{reference} leads to {target}, which the site does not have (places: {pages})"),
        _("write an address that is there, such as {near}, or add the file; where you wrote none, build with --full"),
    ),
    "REFERENCE_NAME": (
        _("{reference} leads to {target}, and nothing there has that name (places: {pages})"),
        _("write a name that is there, such as #{near}"),
    ),
    "HTML_OPEN": (
        _("{tag} is opened here and never closed: browsers guess where it ends"),
        _("write its end tag; where no page of yours has it, build with --full"),
    ),
    "HTML_CLOSE": (
        _("The end tag of {tag} closes nothing that is open here"),
        _("take it out, or write the tag that it ends; where no page of yours has it, build with --full"),
    ),
    "HTML_MOVED": (
        _("{tag} may not stand where it is written: browsers put it elsewhere"),
        _("move it to where it may stand; a table, for one, holds rows alone"),
    ),
    "HTML_ERROR": (
        _("Browsers have to put this right: {error}"),
        _("see to the tag that stands there; where no page of yours has it, build with --full"),
    ),
    "DATA_LACKS": (
        _("{element} lacks {name}, without which programs cannot read it"),
        _("see to the title, the day and the description of the page it speaks of, or build with --full"),
    ),
    "DATA_VALUE": (
        _("{name} of {element} cannot be {value}"),
        _("see to the title, the day and the address of the page it speaks of, or build with --full"),
    ),
    "SITE_PAGE_HEAVY": (
        _("The page has {size} KB of HTML, and may have {limit}"),
        _("make several pages of it; or write `limits: {{page: {size}}}` under extra"),
    ),
    "SITE_HEAVY": (
        _("The site has {size} MB, and may have {limit}"),
        _("take out what is large and old; or write `limits: {{site: {size}}}` under extra"),
    ),
    # publishing
    "FORM_REFUSED": (
        _("The service refuses this edit: {reason}"),
        _("undo it, or ask under another name; until then the site of before stays"),
    ),
    "FORM_NOT_TAKEN": (
        _("The service cannot serve this form: {reason}"),
        _("mend it, then publish again; the site of before is shown again"),
    ),
    "SERVICE_AWAY": (
        _("The service does not answer at {url} ({reason}), so that nobody can say whether forms fit the answers kept"),
        _(
            "start it and publish again; or name another with --service, or none to ask nobody, which on a server that "
            "publishes what is pushed is for whoever looks after it: git config bacheca.service"
        ),
    ),
    "SITE_NONE_BEFORE": (
        _("No site from before the one that is shown is kept"),
        _("choose one with `python build.py rollback NUMBER`: {allowed}"),
    ),
    "SITE_NOT_KEPT": (
        _("There is no site {number} to come back to"),
        _("choose one of those that `python build.py rollback --list` names: {allowed}"),
    ),
    "SITE_CHANGED": (
        _("The files of site {number} are not what they were when it was published: {names}"),
        _(
            "choose another with `python build.py rollback --list`, publish anew, or show it all the same: "
            "--as-it-stands"
        ),
    ),
    "SITE_FILE": (
        _("The file of the site cannot be read: {reason}"),
        _("mend the file of the content that it comes from; if there is none, build with --full"),
    ),
    # new and serve
    "NAME": (_("{name} cannot be a name"), _("write {near}: small letters, digits and hyphens")),
    "NAME_ENTRY": (
        _("“{name}” cannot be the title of an entry"),
        _("write it as it is to be read, without # or braces"),
    ),
    "NO_PAGE": (_("No page has translation: {key}"), _("write it in the front matter of a page in {folder}")),
    "PLAN": (_("{value} is not what a form can begin with"), _("write {near}; it may be: {allowed}")),
    "EXISTS": (_("The file is there already"), _("choose another name, or edit it")),
    "PORT_TAKEN": (
        _("There is a preview of this portal on port {port} already"),
        _("look at that one, or add `--port {near}` for another"),
    ),
    "PORT_BUSY": (
        _("Something else on this computer has port {port} already"),
        _("add `--port {near}`, or end what has it"),
    ),
    "PORT": (_("The service stopped: {reason}"), _("see what it says above, or choose another --port")),
}

REASONS = {
    os.strerror(code): reason
    for code, reason in {
        errno.EACCES: _("there is no right to do that"),
        errno.EPERM: _("the system does not allow it"),
        errno.EROFS: _("nothing can be written to that disk"),
        errno.ENOENT: _("there is no such file or folder"),
        errno.EISDIR: _("it is a folder"),
        errno.ENOTDIR: _("it is no folder"),
        errno.ELOOP: _("links lead there in a circle"),
        errno.EMLINK: _("too many links lead there"),
        errno.ENAMETOOLONG: _("the name is too long"),
        errno.EIO: _("the disk does not answer as it should"),
    }.items()
}
"""What the system says of files, each as it says it, and how people are told."""

WARNINGS = frozenset(
    (
        "LOOK_FILE",
        "THEME_OLDER",
        "SETTING_UNREAD",
        "SPELLING",
        "SPELLING_NONE",
        "PAGE_STALE",
        "DESCRIPTION_NONE",
        "DESCRIPTION_LONG",
        "PAGE_EMPTY",
        "PAGE_ORPHAN",
        "PAGE_LEFT_OUT",
        "PAGE_STRAY",
        "LINK_ADDRESS",
        "PAGE_HIDDEN",
        "ADDRESS_NAME",
        "PICTURE_UNUSED",
        "IMAGE_TEXT",
        "TOPIC_TYPO",
        "FORM_NOWHERE",
    )
)
"""Problems that are said and stop nothing."""

SAYINGS: dict[str, str] = {
    "checked": _("check    {pages} pages, {forms} forms"),
    "results_kept": _("results  {name}: nothing at {source}, showing the last good ones"),
    "days_kept": _("days     nothing at {source}: forms keep the days that were set for them when it last answered"),
    "days_set": _("days     {names}: as they were set at the desk, not as their files say"),
    "staged": _("stage    {pages} pages in {languages}"),
    "rendered": _("render   {engine}, {languages}"),
    "finished": _("finish   {files} files in {folder}"),
    "done": _("done"),
    "publish_waiting": _("Somebody else is publishing here: waiting for them."),
    "service_asked": _("service  {url}: the forms fit what it keeps"),
    "service_not_asked": _("service  none asked: forms may be refused once the site is there"),
    "service_other": _("service  {url} serves other files of {names}: see FORMS_SITE and FORMS_CONTENT there"),
    "line": "{value}",
    "form_days": _("forms    {name}: the desk has set other days than its file: {opens} – {closes}"),
    "forms_new": _("forms    open from now on: {names}"),
    "forms_gone": _("forms    taken away, no longer open: {names}"),
    "verified": _("verify   every page, feed and list in {folder}"),
    "published": _("live     site {number} in {folder}"),
    "published_already": _(
        "live     site {number} in {folder}: nothing changed, so it stays (--anew: publish it anew)"
    ),
    "site_unknown": _("site     nobody wrote down what the files of {number} were: it is shown as it stands"),
    "rolled_back": _("live     site {number}, of {moment}"),
    "site_kept": _("{number:>6}  {moment}  {label}"),
    "site_shown": _("{number:>6}  {moment}  {label} (shown)"),
    "site_built": _("built without publishing"),
    "seconds": _("{seconds:.1f} s"),
    "sound": _("No problem in {pages} pages and {forms} forms."),
    "problems": _("{count} to mend."),
    "stops": _("error"),
    "warns": _("warning"),
    "warnings": _("{count} to look at; nothing of it stops the build."),
    "catalogue": _("{language} {catalogue}: {done} of {total}, {fuzzy} in doubt, {missing} missing, {stale} stale"),
    "catalogue_none": _("{language}: no catalogue yet, so all is said in English; docs/languages.md says how to begin"),
    "said_in_english": _("{language}: {count} of {total} sentences of pages, mails and checks are in English."),
    "ask_init_name": _("What is the community called?"),
    "ask_init_languages": _("In which languages? As it, en: the first is the main one"),
    "ask_init_address": _("Where will the portal be? Its address on the web"),
    "ask_init_email": _("Where do people write to the community?"),
    "ask_init_zone": _("In which time zone do its days end?"),
    "ask_init_sections": _("What does it begin with?"),
    "ask_init_colour": _("A colour of your own, such as #0b5cad (leave it empty for ours)"),
    "ask_init_forge": _("Where is it kept in git? github (Forgejo reads the same), none"),
    "upgrade_new": _("{path}: new"),
    "upgrade_replaced": _("{path}: nobody had edited it, it becomes what this version writes"),
    "upgrade_merged": _("{path}: what you edited stays, what this version changes is added"),
    "upgrade_renamed": _("{path}: settings get their new names"),
    "upgrade_decide": _(
        "{path}: you edited the lines that this version changes, so it stays as it is. Put into it what the difference"
        " shows, or: bacheca upgrade --keep {path} (or --take {path}, to lose your edit)"
    ),
    "upgrade_unknown": _("This folder does not remember what init wrote: only the names of settings are looked at."),
    "upgrade_not_done": _("Nothing has been changed. Do it with: bacheca upgrade --yes"),
    "ask_upgrade": _("Do all of this?"),
    "upgrade_done": _("The folder is of Bacheca {version}; as it was is in {folder}. Now: bacheca check"),
    "upgrade_nothing": _("The folder is of Bacheca {version}: nothing of yours had to change. Now: bacheca check"),
    "import_report": _("What did not come over from {tool}"),
    "import_done": _(
        "From {tool} into {folder}: {pages} pages, {files} files, {redirects} old addresses that lead on."
    ),
    "import_to": _("Write the folder of the portal after --to: `python build.py import-site {source} --to {folder}`"),
    "import_drafts": _("Held back as drafts until they are mended: {count}"),
    "import_onward": _("{count} things to look at are in {report}. Go there, and: bacheca serve"),
    "init_done": _("{count} files in {folder}. Go there, and: bacheca serve, then bacheca check --release"),
    "init_settings": _("What the portal of this community says otherwise; everything else is Bacheca’s."),
    "init_forms_url": _("where forms post: empty for the portal’s own address, else https://forms.example.org"),
    "init_workflow": _("What the forge does with each change: the same check that editors run, and a build."),
    "init_description": _("Who we are, what we do and how to take part in {name}."),
    "init_controller": _("who decides about the data: the association, the company, the person"),
    "init_address": _("its address"),
    "init_profile": _("What there is to do"),
    "init_guidelines": _("Guidelines"),
    "init_glossary": _("Glossary"),
    "init_questions": _("Questions"),
    "init_articles": _("Articles"),
    "init_take_part": _("Take part"),
    "init_go_survey": _("Have your say"),
    "init_go_signup": _("Sign up"),
    "init_privacy": _("Privacy"),
    "init_accessibility": _("Accessibility"),
    "init_contacts": _("Contacts"),
    "ask_title": _("What is the form called?"),
    "ask_kind": _("Is it for questions (survey), for people who sign up (signup), for a quick vote (poll)?"),
    "ask_keep": _("How long are answers kept?"),
    "ask_closes": _("What is its last day? As 2027-06-30; nothing: it stays open"),
    "ask_places": _("How many places are there? Nothing: any number"),
    "ask_questions": _("Which questions does it begin with?"),
    "again_kind": _("Not understood: write survey, signup or poll."),
    "again_keep": _("Not understood: write a number, then days, months or years, such as 24 months."),
    "again_closes": _("Not understood: write a day, such as 30/6/2027, or press Enter."),
    "again_places": _("Not understood: write a whole number, or press Enter."),
    "again_questions": _("Not understood: write some of these, with commas between, each once: {allowed}."),
    "left": _("Nothing was written. To go on from here: {command}"),
    "walked": _("{form}: {people} people answered — {statuses}"),
    "walked_branches": _("    {reached} branches of {branches} walked"),
    "walk_unreachable": _("    nobody can get to {branch}: see the conditions and limits that lead there"),
    "walk_unwalked": _("    too few people for {branches}: raise --count"),
    "walk_package": _("    package of {responses} responses, valid, with every answer as it was sent"),
    "walk_faults": _("    package of {responses} responses; {count} things went wrong:"),
    "written": _("Written {path}."),
    "releasable": _("Nothing is left to fill in."),
    "translated": _("{path} translates the words as they are now."),
    "created": _("Created {path}: write it, then run `python build.py check`."),
    "added": _("Added “{name}” to {path}: write it, then run `python build.py check`."),
    "fill": _("TO BE FILLED IN:"),
    "new_term": _("[TO BE FILLED IN: what it means, in one sentence.]"),
    "new_answer": _("[TO BE FILLED IN: the answer.]"),
    "events_folder": _("events"),
    "issues_folder": _("issues"),
    "authors_folder": _("authors"),
    "titles_page": _("titles"),
    "labels_page": _("labels"),
    "progress_page": _("progress"),
    "exported": _("Written {path}"),
    "cache_dropped": _("cache    {path} is not what an earlier build put there: thrown away, and made anew"),
    "unchanged": _("Nothing has changed: {folder} is what a new build would make."),
    "waiting": _("Another build is at work here: waiting for it."),
    "serving": _("Preview on http://127.0.0.1:{port} — answers sent here stay in {folder}. Stop with Ctrl+C."),
    "changed": _("Changed: {path}"),
    "preview_problems": _("To be mended"),
    "preview_warnings": _("To be looked at"),
    "preview_close": _("Close"),
    "preview_first": _("There is no preview before these are mended. This page then becomes it by itself."),
    "issue": _("Issue {value}"),
    "issue_description": _("Table of contents of issue {value}, {month}: every article, by topic."),
    "topic": "{value}",
    "topic_description": _("Every article on {value}, the newest first."),
    "topic_none": _("Other"),
    "year": "{value}",
    "year_description": _("Every article of {value}, the newest first."),
    "tags": _("Labels"),
    "tags_description": _("Every article, by its labels."),
    "issues": _("Issues"),
    "before_list": _("{what}:"),
    "imprint": _("Who publishes it: the imprint"),
    "minutes_to_read": _("{count} min"),
    "aliases": _("Also called: {names}"),
    "author": "{value}",
    "author_description": _("Every article by {value}, the newest first."),
    "authors": _("Authors"),
    "themes": _("Titles by topic"),
    "themes_description": _("Every title, by topic and in alphabetical order."),
    "themes_intro": _("{count} articles on {topics} topics, in alphabetical order."),
    "event_day": _("{day}, {start} to {end}"),
    "event_whole_days": _("from {day} to {last}"),
    "event_days": _("from {day}, {start}, to {last}, {end}"),
    "event_online": _("online"),
    "draft": _("Draft: it is not published"),
    "only_in": _("Only in {language}."),
    "home_in": _("Home page in {language}"),
    "older_than": _("This page is older than the one in {language}, which has changed since."),
    "read_in": _("Read it in {language}"),
    "closed": _("closed"),
    "poster_code": _("QR code of {address}"),
    "poster_scan": _("Point your phone’s camera at the code, or type the address:"),
    "poster_of": _("Poster: {title}"),
    "poster_back": _("Back to the page"),
    "poster_print": _("Print this page: these lines stay out of it."),
    "poster_days": _("From {first} to {last}"),
    "poster_from": _("From {day} on"),
    "poster_until": _("Until {day}"),
    "event_over": _("This event is over."),
    "event_signup_closed": _("Sign-up is closed."),
    "event_off": _("This event has been cancelled."),
    "event_details": _("When and where"),
    "event_signup": _("Sign up"),
    "events": _("Events"),
    "events_description": _("The next event, those to come and those of the past, with a calendar to subscribe to."),
    "events_next": _("Next event"),
    "events_coming": _("Later on"),
    "events_past": _("Past events"),
    "events_none": _("No event is planned now."),
    "events_calendar": _("The calendar of all events"),
    "event_cancelled": _("cancelled"),
    "term_margin": _("Glossary"),
    "term_touch": _("Touch the word again to open its entry."),
    "letters": _("Index by letter"),
    "use": _("Found on one page"),
    "uses": _("Found on {count} pages"),
}

STARTS: dict[str, str] = {
    "new_draft": _("take this line away to publish"),
    "new_page": _("[TO BE FILLED IN: one sentence, of 155 characters at most, that says what is to be found here]"),
    "new_article": _("[TO BE FILLED IN: one sentence, of 155 characters at most, that says what one learns]"),
    "new_event": _("[TO BE FILLED IN: one sentence, of 155 characters at most, that says what happens]"),
    "new_place": _("[TO BE FILLED IN: the place]"),
    "new_signup_page": _("take-part/meeting/"),
    "new_signup": _("take the first # away: the address of the page with its sign-up form"),
    "new_label": _("to be chosen"),
    "new_beginning": _("The first paragraph: lists show it."),
    "new_topic": _("Community"),
    "author_code": _("editors"),
    "new_form": _("One sentence that says what you ask and why."),
    "new_name": _("Name and surname"),
    "new_email": _("E-mail"),
    "new_email_hint": _("We write to you to confirm."),
    "new_consent": _("You may write to me about this"),
    "new_notice": _(
        "You may keep these data to write to me about this, and for nothing else. I can withdraw my consent "
        "whenever I want, as easily as I give it now."
    ),
    "new_choice": _("Which of these do you prefer?"),
    "new_choices": _("Which of these do you use?"),
    "new_first": _("The first"),
    "new_second": _("The second"),
    "new_none": _("None of these"),
    "new_unanswered": _("No answer"),
    "new_unknown": _("I don’t know"),
    "new_comment": _("What do you think of it?"),
    "new_comment_hint": _("Please leave out names and anything else that would identify somebody."),
    "new_date": _("On which day?"),
    "new_number": _("How many of you are there?"),
    "new_scale": _("How likely are you to recommend us to somebody?"),
    "new_low": _("not at all likely"),
    "new_high": _("very likely"),
    "new_text": _("An answer in one line"),
    "new_yes": _("Have you been to one of our meetings?"),
    "name_code": _("name"),
    "consent_code": _("consent"),
    "choice_code": _("choice"),
    "choices_code": _("choices"),
    "comment_code": _("comment"),
    "date_code": _("day"),
    "number_code": _("people"),
    "scale_code": _("rating"),
    "text_code": _("text"),
    "yes_code": _("been"),
    "first_code": _("first"),
    "second_code": _("second"),
    "none_code": _("neither"),
    "unknown_code": _("dont-know"),
}
"""What new pages and forms begin with; `_code` is what a form calls a field or a choice."""

WORDS: dict[str, str] = {
    "navigation": _("Main navigation"),
    "trail": _("You are here"),
    "menu": _("Menu"),
    "search": _("Search"),
    "search_label": _("Search the portal"),
    "search_close": _("Close the search"),
    "finding.hint": _("A word, a name, a question"),
    "finding.moving": _("Arrows to move, Enter to open"),
    "finding.write": _("Ask whoever looks after the portal"),
    "finding.kinds": _("What to show"),
    "finding.all": _("All"),
    "finding.page": _("Page"),
    "finding.pages": _("Pages"),
    "finding.term": _("Term"),
    "finding.terms": _("Terms"),
    "finding.article": _("Article"),
    "finding.articles": _("Articles"),
    "finding.question": _("Question"),
    "finding.questions": _("Questions"),
    "finding.form": _("Form"),
    "finding.forms": _("Forms"),
    "finding.event": _("Event"),
    "finding.events": _("Events"),
    "finding.count": _("Results:"),
    "finding.meant": _("Read as:"),
    "finding.more": _("Show them all"),
    "finding.nothing": _("Nothing with “{{query}}”"),
    "finding.none": _("Try other words, or shorter ones."),
    "finding.near": _("Perhaps you are looking for"),
    "finding.sections": _("Or start from here"),
    "finding.wait": _("The search is on its way…"),
    "finding.failed": _("The search could not be loaded."),
    "dark_theme": _("Dark theme"),
    "contents": _("On this page"),
    "copied": _("Link copied"),
    "share": _("Share"),
    "print_page": _("Print"),
    "edit": _("Suggest a change to this page"),
    "latest": _("Latest articles"),
    "all_articles": _("All articles"),
    "articles_navigation": _("Other articles"),
    "previous": _("Previous article"),
    "next": _("Next article"),
    "updated": _("updated on"),
    "issue": _("Issue"),
    "tags": _("Keywords:"),
    "minute": _("minute"),
    "minutes": _("minutes"),
    "related": _("On the same subject"),
    "feeds": _("Follow the articles with"),
    "event.section": _("Events"),
    "event.when": _("When"),
    "event.where": _("Where"),
    "event.signup": _("Sign up"),
    "event.calendar": _("Add to the calendar"),
    "event.all": _("All events"),
    "occupation.title": _("In short"),
    "occupation.pay": _("Pay"),
    "occupation.training": _("Training"),
    "occupation.sectors": _("Sectors"),
    "occupation.skills": _("Skills"),
    "occupation.similar": _("Similar roles"),
    "occupation.codes": _("Classifications"),
    "occupation.undated": _("undated"),
    "footer_navigation": _("About this portal"),
    "licence_texts": _("Texts are published under"),
    "toc_permalink": _("Link to this point"),
    "not_found_title": _("This page does not exist"),
    "not_found_text": _("The address may be incomplete, or the page may have moved. You can start again from here."),
    "not_found_home": _("The home page"),
    "not_found_help": _("If one of our links brought you here, tell us:"),
}
"""The words of the theme, as its templates and `extra.words` name them; a point parts a group from a word."""

"""Answers as mail programs write them: only what was written now is published."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from intranet.mailbox.answers import stripped, words_of

LETTER = "The depot opens at nine.\n\nAnswer this letter, or read it there:\nhttps://x.example/1\n"
QUOTED = "".join(f"> {line}\n" for line in LETTER.splitlines())
US = "Parvis <intranet+k3v9x0a7q@parvis.example>"
NB, NNB = "\xa0", "\u202f"

# How a program marks what it quotes; NB where it writes a no-break space.
MARKS = {
    "Gmail": f"On Wed, Dec 2, 2026 at 10:00{NNB}AM {US} wrote:\n\n{QUOTED}",
    "Gmail, broken": f"On Wed, Dec 2, 2026 at 10:00 AM Parvis <\n{US[8:]} wrote:\n\n{QUOTED}",
    "Gmail in French": f"Le mer. 2 déc. 2026 à 10:00, {US} a écrit{NB}:\n\n{QUOTED}",
    "Gmail in French, broken": f"Le mer. 2 déc. à 10:00, Parvis <\n{US[8:]} a écrit :\n\n{QUOTED}",
    "Gmail of old": f"2026-12-02 10:00 GMT+01:00 {US}:\n\n{QUOTED}",
    "Apple": f"> On 2 Dec 2026, at 10:00, {US} wrote:\n> \n{QUOTED}",
    "Apple in French": f"Le 2 déc. 2026 à 10:00, {US} a écrit{NNB}:\n\n{QUOTED}",
    "Apple, quoted whole": f"> Le 2 déc. 2026 à 10:00, {US} a écrit :\n> \n{QUOTED}",
    "Thunderbird": f"On 02/12/2026 10:00, Parvis wrote:\n{QUOTED}",
    "Thunderbird in French": f"Le 02/12/2026 à 10:00, Parvis a écrit :\n{QUOTED}",
    "Yahoo in French": f"Le mercredi 2 décembre 2026 à 10:00:00 UTC+1, {US} a écrit : \n\n{LETTER}",
    "a terminal": f"{US} wrote:\n{QUOTED}",
    "Outlook": f"From: {US}\nSent: Wednesday, December 2, 2026 10:00 AM\nTo: Ann Lee\n"
    f"Subject: Re: The depot\n\n{LETTER}",
    "Outlook on a Mac": f"From: {US}\nDate: Wednesday, 2 December 2026 at 10:00\nTo: Ann Lee\n"
    f"Subject: Re: The depot\n\n{LETTER}",
    "Outlook in French": f"De{NB}: {US}\nEnvoyé{NB}: mercredi 2 décembre 2026\nÀ{NB}: Ann Lee\n"
    f"Objet{NB}: Re: Le dépôt\n\n{LETTER}",
    "Outlook in French, with a copy": f"De : {US}\nDate : mercredi 2 décembre 2026 à 10:00\n"
    f"À : Ann Lee\nCc : Bob <bob@example.test>\nObjet : Re: Le dépôt\n\n{LETTER}",
    "Outlook in French, in bold": f"*De :* {US}\n*Envoyé :* mercredi 2 décembre 2026\n"
    f"*À :* Ann Lee\n*Objet :* Re: Le dépôt\n\n{LETTER}",
    "Outlook of old": f"-----Original Message-----\nFrom: {US}\nSent: Wednesday\n\n{LETTER}",
    "Outlook of old in French": f"-----Message d'origine-----\nDe : {US}\nEnvoyé : mercredi\n"
    f"À : Ann Lee\nObjet : Re: Le dépôt\n\n{LETTER}",
    "the same with an apostrophe": f"-----Message d’origine-----\nDe : {US}\n\n{LETTER}",
    "Outlook on a telephone": f"Get Outlook for iOS<https://aka.ms/o0>\n{'_' * 32}\nFrom: {US}\n"
    f"Sent: Wednesday\nTo: Ann\nSubject: Re: The depot\n\n{LETTER}",
    "the same in French": f"Obtenir Outlook pour iOS<https://aka.ms/o0>\n{'_' * 32}\nDe : {US}\n"
    f"Envoyé : mercredi\nÀ : Ann\nObjet : Re: Le dépôt\n\n{LETTER}",
    "a Galaxy": f"Envoyé depuis mon appareil Galaxy\n\n\n-------- Message d'origine --------\n"
    f"De : {US}\nDate : 02/12/2026 10:00 (GMT+01:00)\nÀ : Ann\nObjet : Re: Le dépôt\n\n{LETTER}",
    "Zimbra": f'De: "Parvis" <intranet@localhost>\nÀ: "Ann" <ann@example.test>\n'
    f"Envoyé: Mercredi 2 Décembre 2026 10:00:00\nObjet: Re: Le dépôt\n\n{LETTER}",
}


@pytest.mark.parametrize("program", MARKS)
@pytest.mark.parametrize("own", ["Yes.", "Oui, à 9 h.\n\nJe passe après."])
def test_what_a_program_quotes_is_left_out(program: str, own: str) -> None:
    assert stripped(f"{own}\n\n{MARKS[program]}") == own
    assert (
        stripped(f"{own}\r\n\r\n{MARKS[program]}".replace("\r\n", "\n").replace("\n", "\r\n"))
        == own
    )


@pytest.mark.parametrize("program", [name for name, text in MARKS.items() if QUOTED in text])
def test_an_answer_below_what_it_quotes_is_found(program: str) -> None:
    assert stripped(f"{MARKS[program]}\nNo, at ten.\n") == "No, at ten."


@pytest.mark.parametrize("program", [name for name, text in MARKS.items() if LETTER in text])
def test_a_quotation_alone_is_nothing(program: str) -> None:
    said = stripped(MARKS[program])
    assert "depot" not in said
    assert "x.example" not in said


@pytest.mark.parametrize(
    "text",
    [
        "On Monday Bob wrote: nothing.\n\nSo what now?",
        "Le chef a écrit : la soupe est prête.\n\nVenez tous.",
        "De : la cuisine, avec amour.\n\nLa soupe est prête.",
        "Three things - and -- a dash ---\n\nOn it.",
        "Le 2 décembre nous ouvrons à 9 h.\nOn vous attend.",
        "Objet : le dépôt\n\nÀ : voir",
    ],
)
def test_words_that_only_look_like_a_mark_stay(text: str) -> None:
    assert stripped(text) == text


@pytest.mark.parametrize(
    "html",
    [
        '<div dir="ltr">Oui.</div><br><div class="gmail_quote"><div class="gmail_attr">Le mer. 2'
        " déc. 2026 à 10:00, Parvis &lt;<a>intranet@parvis.example</a>&gt; a écrit&nbsp;:<br></div>"
        '<blockquote class="gmail_quote">The depot</blockquote></div>',
        '<div><p class="MsoNormal">Oui.</p><p>&nbsp;</p><div><p class="MsoNormal">'
        "<b>De&nbsp;:</b> Parvis &lt;intranet@parvis.example&gt;<br><b>Envoyé&nbsp;:</b> mercredi"
        " 2 décembre 2026<br><b>À&nbsp;:</b> Ann<br><b>Objet&nbsp;:</b> Re: Le dépôt</p></div>"
        "<p>The depot</p></div>",
        '<div>Oui.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><font><b>De :</b>'
        " Parvis<br><b>Envoyé :</b> mercredi<br><b>À :</b> Ann<br><b>Objet :</b> Le dépôt</font>"
        "</div><div>The depot</div>",
    ],
)  # fmt: skip
def test_html_of_programs_that_send_no_plain_part(html: str) -> None:
    message = EmailMessage()
    message.set_content(f"<html><body>{html}</body></html>", subtype="html")
    assert words_of(message) == "Oui."

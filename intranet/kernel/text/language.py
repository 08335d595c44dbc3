"""Which language a text is in, by the small words that no sentence does without."""

from __future__ import annotations

import re

# Words of one language only: what two of them share ("on", "a", "son", "plus") says nothing.
_WORDS = {
    "en": """
        the and of to is are was were be been being have has had do does did will would can could
        should may might must i you he she we they it this that these those my your his her our
        their its with from for not but what when where who which why how there here than then
        into about after before because while if so all any some just only also please thanks
        thank hello hi good morning today tomorrow yesterday week new your everyone team let us
        in at by an no yes more most other over under up out off very much many
    """,
    "fr": """
        le la les un une des du de et est sont était étaient être été ai as avons avez ont avait
        je tu il elle nous vous ils elles ce cet cette ces mon ma mes ton ta tes ses notre nos
        votre vos leur leurs qui que quoi dont où quand comment pourquoi avec dans pour par sur
        sous chez sans mais ou donc ne pas aussi très bien tout tous toute toutes merci bonjour
        salut bonsoir oui non aujourd hui demain hier semaine nouveau nouvelle faire fait peut
        peux pouvez doit faut voici voilà au aux en se sa si lui même encore alors après avant
        c'est j'ai qu'il d'un d'une n'est l'équipe équipe s'il
    """,
}
_STOP = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_OWN_LETTERS = {"fr": frozenset("éèêëçàâîïôùûœ")}
# Letters of other languages: many words with them are in none of ours.
_FOREIGN = re.compile("[áíóúñãõìòäößåøłżźćęąśńőűčšžěřů]|[^\u0000-\u024f\u2000-\u206f]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]")
# What is in no language: addresses, names, hashtags.
_NAMES = re.compile(r"https?://\S+|[@#][\w.-]+")
_LOOKED_AT = 2000  # characters: the rest says the same
_SHORT = 5  # words, below which silence means nothing


def detect_language(text: str, default: str | None) -> str | None:
    """`en` or `fr`. A text too short to tell is in the `default` language; a longer one that
    speaks neither is in none that is known here: None. Linear in the length of the text."""
    plain = _NAMES.sub(" ", text[:_LOOKED_AT]).lower()
    words = _WORD.findall(plain)
    if not words:
        return None
    if 6 * sum(_FOREIGN.search(word) is not None for word in words) >= len(words):
        return None
    found = {
        language: sum(word in stop or word.replace("’", "'") in stop for word in words)
        for language, stop in _STOP.items()
    }
    found["fr"] += len(_ELIDED.findall(plain))
    marked = sum(bool(_OWN_LETTERS["fr"] & set(word)) for word in words)
    if found["fr"] or found["en"] == 0:
        found["fr"] += marked if len(words) < 2 * _SHORT else marked // 2
    best = max(found, key=lambda language: (found[language], language == default))
    if found[best] == min(found.values()):  # nothing, or as much of both
        return default if len(words) < _SHORT or found[best] else None
    if found[best] * 6 < len(words):
        return default if len(words) < _SHORT else None
    return best

"""What stands on a page and is no part of a session: menus, bylines, advertisements; each with why."""

from __future__ import annotations

import re

_SIGNS = {
    "an invitation to subscribe": (r"\bsubscri", "newsletter", r"\bsign up\b", "to your inbox"),
    "an advertisement": (
        *(
            r"\bsponsor",
            r"\$ ?\d",
            r"\bdonat",
            r"\bpatron\b",
            "promo code",
            r"\bdiscount\b",
            r"\b\d{1,3} ?% off\b",
            r"\bsave (?:up to )?\d{1,3} ?%",
            r"\b(?:special|limited) offer\b",
            r"\bclick here\b",
        ),
        *(r"\bbuy now\b", r"\bshop\b", r"\badvert", "affiliate", "free trial"),
        r"^join\b.*(?:\+|!|\bfor (?:the latest|free)\b)",
    ),
    "a notice of the page": (
        *(r"\bcookies?\b", r"\bprivacy policy\b", r"accessib\w+ \|", "copyright", "\u00a9"),
        *("all rights reserved", "terms of (?:use|service)"),
    ),
    "buttons to share": (
        *(
            r"^share\b",
            "share (?:this|post)",
            r"\btweet\b",
            "^follow us",
            "facebook",
            "pinterest",
            "whatsapp",
        ),
    ),
    "links to other pages": (
        *("related (?:articles?|posts?|reading)", r"read (?:more|next|also)\b", "^recommended"),
        *("you (?:may|might) also like", "table of contents"),
    ),
    "a part of the page": (
        *("enter your (?:comment|name|email)", "post a comment", "leave a (?:comment|reply)", r"\bviews\b"),
        *("enable javascript", "powered by", "was this (?:article|page) helpful", r"\blog in\b"),
    ),
    "a byline or a date": (
        *(r"^(?:written |posted |reviewed |published )?by (?-i:[A-Z][\w.]+ [A-Z])", "^published", "^updated"),
        *(r"mins? read\b", r"^\d{4}-\d\d-\d\d$"),
        r"^\W*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{1,2},? \d{4}\W*$",
    ),
    "about the author": (
        *("certified (?:personal )?trainer", "years of experience", "columnist"),
        "is (?:the|a) (?:fitness director|author|writer|freelance)",
    ),
    "markup or a link": (
        *(r"<(?:img|script|iframe|a|div|style)\b", r"https?://\S+$", r"^!\[", r"^\[.*\]\(.*\)$"),
    ),
    "talk beside the session": (
        *("reach out", "good luck", "let me know", "hope (?:this|that) helps", "feel free to"),
        *("would you like me", r"^(?:sure|certainly|of course|absolutely)\b.*[!:]$"),
        *(
            r"\bhave fun\b",
            r"\benjoy[!.]?$",
            "drink (?:some |enough |plenty of |lots of )?water",
            "stay hydrated",
        ),
        *(
            "you(?:(?:'|\u2019)ve| have)? got this",
            r"^(?:well done|good job|great (?:job|work))\b",
            "^see you",
        ),
        "here(?:'|\u2019)?s (?:your|a|the) .*(?:plan|workout|routine)",
    ),
}
_PATTERNS = tuple((re.compile("|".join(signs), re.IGNORECASE), why) for why, signs in _SIGNS.items())
# What stands behind the end of an article.
BEHIND = frozenset(
    {"an invitation to subscribe", "a notice of the page", "links to other pages", "a part of the page"}
)
_SMALL_WORDS = frozenset({"a", "an", "and", "the", "of", "to", "for", "in", "on", "with", "or"})


def why_furniture(text: str) -> str:
    """Why a text is no part of a session; empty where it may be one."""
    return next((why for pattern, why in _PATTERNS if pattern.search(text)), "")


def is_name_of_a_thing(text: str) -> bool:
    """Whether every word begins with a capital, as products are called: `Acme Yoga Block.`."""
    words = [word for word in re.findall(r"[^\W\d_][\w'\u2019]*", text) if word not in _SMALL_WORDS]
    return len(words) > 1 and all(word[0].isupper() for word in words)

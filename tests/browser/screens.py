"""The addresses of every screen, for the tests that look at all of them."""

EVENT_ID = 4242
ANONYMOUS = ("/login", "/password/forgotten", "/p/tramco", "/p/tramco/about", "/p/nobody")
SIGNED_IN = (
    "/",
    "/timelines/groups",
    "/timelines/organisation",
    "/saved",
    "/catch-up?since=week",
    "/catch-up/weights",
    "/scheduled",
    "/drafts",
    "/@camille",
    "/@ines",
    "/@ines/followers",
    "/@ines/following",
    "/people",
    "/people?q=zzz",
    "/groups",
    "/groups/new",
    "/groups/tramway-t4",
    "/groups/tramway-t4/members",
    "/groups/tramway-t4/about",
    "/groups/tramway-t4/events",
    "/events/new",
    *(
        f"/events/{EVENT_ID}{page}"
        for page in ("", "/edit?scope=all", "/cancel", "/invite?q=e", "/attendance", "/check-in")
    ),
    "/events",
    "/events?view=week",
    "/events?view=list",
    "/events?view=agenda",
    "/events/import",
    "/settings/calendar",
    "/groups/prices",
    "/groups/board",
    "/groups/board/requests",
    "/pages",
    "/pages?q=zzz",
    "/pages/newsroom",
    "/pages/newsroom/about",
    "/pages/newsroom/reviews",
    "/pages/newsroom/editors",
    "/pages/newsroom/settings",
    "/notifications",
    "/search?q=track",
    "/search?q=zzz",
    "/settings",
    "/settings/applications",
    "/settings/notifications",
    "/nothing-here",
)
ADMINISTRATOR = ("/admin/people", "/admin/mail", "/admin/applications", "/pages/new")
HUMAN_RESOURCES = (
    "/campaigns",
    "/campaigns/new",
    "/campaigns/77",
    "/insights",
    "/pages/tramco/insights",
)
ALL = (
    *((None, address) for address in ANONYMOUS),
    *(("camille", address) for address in SIGNED_IN),
    *(("leo", address) for address in ADMINISTRATOR),
    *(("grace", address) for address in HUMAN_RESOURCES),
)

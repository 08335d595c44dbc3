"""The addresses of every screen, for the tests that look at all of them."""

ANONYMOUS = ("/login",)
SIGNED_IN = (
    "/",
    "/timelines/groups",
    "/timelines/organisation",
    "/saved",
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
    "/groups/prices",
    "/groups/board",
    "/groups/board/requests",
    "/notifications",
    "/search?q=track",
    "/search?q=zzz",
    "/settings",
    "/settings/applications",
    "/nothing-here",
)
ADMINISTRATOR = ("/admin/people", "/admin/applications")
ALL = (
    *((None, address) for address in ANONYMOUS),
    *(("camille", address) for address in SIGNED_IN),
    *(("leo", address) for address in ADMINISTRATOR),
)

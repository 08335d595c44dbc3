from tests.browser.conftest import DESKTOP, PHONE
def test_shots(site, open_page):
    for vp,n in ((DESKTOP,"d"),(PHONE,"p")):
        for scheme in ("light","dark"):
            page=open_page("/settings/notifications", viewport=vp, scheme=scheme, locale="fr-FR")
            page.context.grant_permissions(["notifications"], origin=site.base); page.reload(); page.wait_for_timeout(800)
            if n=="p":
                page.evaluate("""async()=>{const t=document.querySelector('meta[name=csrf-token]').content; await fetch('/settings/notifications/device',{method:'POST',headers:{'X-CSRFToken':t},body:new URLSearchParams({endpoint:'https://push.example/x',p256dh:'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',auth:'BTBZMqHH6r4Tts7J_aSIgg'})})}""")
                page.reload(); page.wait_for_timeout(800)
            page.screenshot(path=f"/tmp/stream/push-{n}-{scheme}.png", full_page=True)

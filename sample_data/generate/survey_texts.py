"""Made-up comments of survey answers, by how satisfied they sound."""

NPS_PROMOTER = (
    "Reports look great and my boss actually reads them.",
    "Sharing a link instead of a slide deck saves me an hour every week.",
    "Easy to use, and the team answers quickly.",
    "We love the new dashboards.",
    "Spart mir jede Woche Zeit.",
    "Setup was painless and it simply works.",
)
NPS_PASSIVE = (
    "Good, but the permissions are confusing.",
    "Does what it should. Nothing special.",
    "I would like more chart types.",
    "Gut, aber auf dem Handy etwas langsam.",
    "Fine for small reports.",
)
NPS_DETRACTOR = (
    "Too many clicks to get the first report out.",
    "Support was slow and the answer did not help.",
    "We lost a comment thread, that was annoying.",
    "Too expensive for what we use.",
    "Die Einrichtung war mühsam.",
)
NPS_LAUNCH = (
    "Lumen 2.0 is a big step, the summaries are excellent.",
    "The new version is so much faster to read.",
)
NPS_EXPORT = (
    "Exports take forever lately and often time out.",
    "PDF export is painfully slow since the summer.",
    "Waiting minutes for a CSV is frustrating.",
)
CSAT_GOOD = (
    "Works well for us.",
    "Nice and clear.",
    "The shared links are handy, thank you.",
    "Quick and easy.",
    "I like the summaries.",
)
CSAT_BAD = (
    "Could not find where to share my report.",
    "The page was slow this morning.",
    "Comments are hard to follow.",
    "Please fix the mobile layout.",
)
CSAT_EXPORT = (
    "Export is too slow.",
    "The export timed out twice today, terrible.",
    "Waited ages for the PDF.",
)
CSAT_CHECKOUT = (
    "Checkout refused my card three times.",
    "Could not pay, the form just failed.",
)

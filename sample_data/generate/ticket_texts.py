"""Made-up tickets: subject, body and answer by topic. No customer ever wrote them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """What a ticket is about: how often it comes in, and what is said."""

    code: str
    per_week: float
    kind: str
    subjects: tuple[str, ...]
    bodies: tuple[str, ...]
    answers: tuple[str, ...]


EXPORT_SLOW = Topic(
    "export_slow", 0.0, "problem",
    ("Export is slow", "CSV export times out", "PDF export never finishes",
     "Export takes minutes", "Export hängt"),
    ("The export of our monthly report takes more than a minute and then times out. This is "
     "frustrating.",
     "Since the summer CSV exports are painfully slow. We wait and wait.",
     "PDF export failed again with a timeout. Third time this week.",
     "Exporting a report with {count} pages is too slow to be useful.",
     "Der Export dauert ewig und bricht dann ab."),
    ("We are sorry. Large exports are slow at the moment and the team works on it.",
     "Thank you for the details. As a workaround please export fewer pages at once."),
)  # fmt: skip
CHECKOUT = Topic(
    "checkout", 0.15, "problem",
    ("Card refused at checkout", "Cannot pay", "Checkout error"),
    ("I tried to buy a report pack and the form refuses my card. The card is valid.",
     "Checkout fails in the browser with an error after the last step.",
     "Paying does not work, I tried {count} times. Please help."),
    ("We are sorry, this was our fault and is fixed now. Please try again.",
     "Thank you for telling us. We are working on a fix for the checkout."),
)  # fmt: skip
ONBOARDING = Topic(
    "onboarding", 1.0, "question",
    ("How do I share my first report?", "Where do I start?", "Import of my first data"),
    ("I signed up but cannot find how to share a report with my team.",
     "The start page is confusing. What is the first step?",
     "I created a report, and now? I expected a share button here."),
    ("Open the report and choose Share in the top right corner.",
     "Here is the guide for the first ten minutes."),
)  # fmt: skip
TOPICS = (
    Topic("login", 0.6, "problem",
          ("Cannot sign in", "Password reset mail does not arrive"),
          ("The reset mail does not arrive. I checked the spam folder.",
           "Sign-in says my link expired, also right after I asked for it."),
          ("We sent a new link. Please use it within ten minutes.",)),
    Topic("billing", 0.7, "question",
          ("Question about our invoice", "Change billing address", "Cancel our plan"),
          ("Please send the invoice to our accounting, not to me.",
           "We need the order number {count} on the invoice.",
           "How do I cancel at the end of the period?"),
          ("Done, you will find it in the billing settings.",)),
    Topic("sharing", 0.8, "question",
          ("Permissions of shared links", "Link opens the wrong page"),
          ("Can I limit a shared link to people in our company?",
           "A colleague sees an empty page when opening my link. Please call 030 1234567 or "
           "write to kim@example.com.",
           "The permissions are confusing. Who can see what?"),
          ("Links follow the rights of the folder. Here is an overview.",)),
    Topic("idea", 0.9, "task",
          ("Idea: schedule reports", "Wish: more chart types", "Idea: Slack integration"),
          ("It would be great to send a report every Monday.",
           "We would love a waterfall chart.",
           "Please post new comments to our chat."),
          ("Thank you for the idea, we passed it on.",)),
    Topic("praise", 0.25, "question",
          ("Thank you", "Great update"),
          ("The new dashboards are great, thank you!",
           "Just wanted to say that support was excellent last week."),
          ("Thank you, that made our day.",)),
    Topic("sync", 0.5, "problem",
          ("Numbers do not refresh", "Data source disconnected"),
          ("Our data source disconnects every few days.",
           "The dashboard shows numbers from last week. Refresh does nothing."),
          ("Please connect the source again; we extended the session.",)),
)  # fmt: skip

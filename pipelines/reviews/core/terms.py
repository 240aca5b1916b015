"""The words of reviews, each with its only spelling: in records, rules, reports and on screen."""

from enum import StrEnum


class CycleStatus(StrEnum):
    """Where a Plan-Do-Check-Act cycle stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    DOING = "doing"
    CHECKING = "checking"
    ACTING = "acting"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ON_HOLD = "on_hold"


class ActDecision(StrEnum):
    """What is made of a change after its Check."""

    STANDARDISE = "standardise"
    KEEP = "keep"
    ADJUST = "adjust"
    ABANDON = "abandon"


class Rigour(StrEnum):
    """How much a team asks of a plan."""

    LIGHT = "light"
    STANDARD = "standard"


class Design(StrEnum):
    """How the effect of a change is told from what would have happened anyway."""

    BEFORE_AFTER = "before_after"
    CONTROL_SERIES = "control_series"
    STAGED_ROLLOUT = "staged_rollout"
    AB_TEST = "ab_test"
    QUALITATIVE = "qualitative"


class MetricRole(StrEnum):
    """What a metric is for in a cycle."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    GUARD_RAIL = "guard_rail"
    CONTROL = "control"


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    WITHIN = "within"


class Kind(StrEnum):
    """What sort of number a metric is: decides its interval in the Check."""

    MEAN = "mean"
    PROPORTION = "proportion"
    COUNT = "count"
    QUANTILE = "quantile"
    RATIO = "ratio"


class Verdict(StrEnum):
    """What the Check found."""

    NOT_READY = "not_ready"
    INVALID = "invalid"
    WORSE = "worse"
    NO_USEFUL_EFFECT = "no_useful_effect"
    INCONCLUSIVE = "inconclusive"
    IMPROVED_WITH_HARM = "improved_with_harm"
    IMPROVED_GUARDRAIL_OPEN = "improved_guardrail_open"
    IMPROVED = "improved"


class Reason(StrEnum):
    """Why the Check found no more than it did."""

    AUTOCORRELATION = "autocorrelation"
    DRIFT = "drift"
    ONE_TEST = "one_test"
    TOO_LITTLE_DATA = "too_little_data"
    WATCH = "watch"


class Method(StrEnum):
    """How the interval of an effect was made."""

    MEAN_DIFFERENCE = "mean_difference"
    LOG_MEAN_DIFFERENCE = "log_mean_difference"
    RATE_RATIO = "rate_ratio"
    NEWCOMBE = "newcombe"
    IMPORTED = "imported"


class TargetState(StrEnum):
    """Whether the post window's mean is past the target."""

    REACHED = "reached"
    REACHED_NOT_PROVEN = "reached_not_proven"
    MISSED = "missed"


class GuardState(StrEnum):
    """Whether a guard-rail kept within its margin or band."""

    PASS = "pass"
    FAIL = "fail"
    NOT_PROVEN = "not_proven"


class ActionStatus(StrEnum):
    """Where one action of a cycle stands."""

    TO_DO = "todo"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class FollowUpStatus(StrEnum):
    """Where a promise from a meeting stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class MeetingKind(StrEnum):
    """Which series a meeting belongs to."""

    WEEKLY_METRICS = "weekly_metrics"
    SPRINT_REVIEW = "sprint_review"
    RETRO = "retro"
    MONTHLY_PRODUCT = "monthly_product"
    QUARTERLY = "quarterly"


class MeetingStatus(StrEnum):
    """Where a review meeting stands."""

    SCHEDULED = "scheduled"
    PREREAD_SENT = "preread_sent"
    IN_SESSION = "in_session"
    MINUTES_DRAFT = "minutes_draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class ItemSource(StrEnum):
    """Why an item is on the agenda."""

    AUTO_SIGNAL = "auto_signal"
    DUE_CHECK = "due_check"
    OVERDUE = "overdue"
    CARRIED = "carried"
    EVIDENCE = "evidence"
    MANUAL = "manual"


class ItemState(StrEnum):
    """What a meeting made of an item."""

    PROPOSED = "proposed"
    DISCUSSED = "discussed"
    PARKED = "parked"
    NOTHING_TO_SEE = "nothing_to_see"


class FreezePurpose(StrEnum):
    """Why numbers were frozen."""

    MEETING = "meeting"
    PLAN = "plan"
    CHECK = "check"
    SPRINT_START = "sprint_start"
    SPRINT_CLOSE = "sprint_close"
    MANUAL = "manual"


class EvidenceKind(StrEnum):
    """What a piece of qualitative evidence is."""

    WORKSHOP = "workshop"
    FEEDBACK_SESSION = "feedback_session"
    INTERVIEW = "interview"
    SURVEY = "survey"
    OBSERVATION = "observation"
    PEER_REVIEW = "peer_review"
    CELEBRATION = "celebration"
    TRAINING = "training"
    USABILITY_TEST = "usability_test"
    DOCUMENT = "document"


class EvidenceUse(StrEnum):
    """What a piece of evidence is used for."""

    PROBLEM = "problem"
    CAUSE = "cause"
    HYPOTHESIS = "hypothesis"
    CONFOUNDER = "confounder"
    LEARNING = "learning"
    RECOGNITION = "recognition"
    ACTION = "action"


class TeamRole(StrEnum):
    """What a person may do in a team's records."""

    VIEWER = "viewer"
    MEMBER = "member"
    PRODUCT_MANAGER = "product_manager"
    PRODUCT_OWNER = "product_owner"
    FACILITATOR = "facilitator"
    ADMIN = "admin"


class Level(StrEnum):
    """What a validation rule does where it does not hold."""

    BLOCKS = "blocks"
    WARNS = "warns"
    RECORDED = "recorded"


class LedgerStatus(StrEnum):
    """Where the prediction about a release or item stands."""

    UNPREDICTED = "unpredicted"
    OPEN = "open"
    DUE = "due"
    JUDGED = "judged"
    NOT_JUDGEABLE = "not_judgeable"


class Phase(StrEnum):
    """When a validation rule is asked."""

    LOCK = "lock"
    DO = "do"
    CHECK = "check"
    SIGN = "sign"
    EXTEND = "extend"
    FAST_PATH = "fast_path"
    ACT = "act"
    MEETING = "meeting"
    PUBLISH = "publish"
    SAVE = "save"


class SignalDirection(StrEnum):
    """Which way a process-limit signal among the post points goes."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    BOTH = "both"


class ValueState(StrEnum):
    """What is known of a frozen value; as `status` in every answer of the read API."""

    OK = "ok"
    IMMATURE = "immature"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"


class TargetShape(StrEnum):
    """How a target runs over time."""

    CONSTANT = "constant"
    RAMP = "ramp"
    STEP = "step"
    CUMULATIVE = "cumulative"
    TABLE = "table"

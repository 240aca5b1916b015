"""The services of cycles under one name; each stands in the module of its phase."""

from pipelines.reviews.cycle.acting import (
    Promise,
    countersign,
    decide,
    extend,
    sign,
    take_fast_path,
)
from pipelines.reviews.cycle.checking import look_early, run_check
from pipelines.reviews.cycle.doing import (
    add_action,
    begin_action,
    begin_check,
    cancel,
    edit_action,
    end_action,
    give_up_action,
    hold,
    resume,
)
from pipelines.reviews.cycle.draft_metrics import drop_metric, put_metric
from pipelines.reviews.cycle.drafts import edit_cycle, start_cycle, start_qualitative
from pipelines.reviews.cycle.linking import link_delivery
from pipelines.reviews.cycle.lists import PHASES, CycleCard, board, lineage, search
from pipelines.reviews.cycle.locking import Replan, lock, relock
from pipelines.reviews.cycle.page import CyclePage, CycleRecordPage, LockedPlan, cycle_page
from pipelines.reviews.cycle.planning import Preview, Said, preview
from pipelines.reviews.cycle.tending import Happened, after_refresh

__all__ = [
    "PHASES",
    "CycleCard",
    "CyclePage",
    "CycleRecordPage",
    "Happened",
    "LockedPlan",
    "Preview",
    "Promise",
    "Replan",
    "Said",
    "add_action",
    "after_refresh",
    "begin_action",
    "begin_check",
    "board",
    "cancel",
    "countersign",
    "cycle_page",
    "decide",
    "drop_metric",
    "edit_action",
    "edit_cycle",
    "end_action",
    "extend",
    "give_up_action",
    "hold",
    "lineage",
    "link_delivery",
    "lock",
    "look_early",
    "preview",
    "put_metric",
    "relock",
    "resume",
    "run_check",
    "search",
    "sign",
    "start_cycle",
    "start_qualitative",
    "take_fast_path",
]

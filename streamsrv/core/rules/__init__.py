"""Campaign + viewer + now → the viewer's story: which scenes, in which order, with which words, and why.

Pure and deterministic, and never fails for what a viewer's data holds: missing data tells the fallback story, a
rule that fails gives its slot's `otherwise` (A37). All rules of a campaign are a few evaluations; what follows from
their outcomes is kept (`outline`), because reasons name rules and never values. `explain` names values, too.
"""

from streamsrv.core.rules.asking import checked
from streamsrv.core.rules.assigning import HELD_OUT, TOLD, assigned_unit, assignments
from streamsrv.core.rules.consenting import withholds_consent
from streamsrv.core.rules.deciding import DATA_MISSING, POLICY, RULE_ERROR, decide
from streamsrv.core.rules.document import document
from streamsrv.core.rules.explaining import AudienceTrace, Explanation, Input, RuleTrace, SlotTrace, explain

__all__ = [
    "DATA_MISSING",
    "HELD_OUT",
    "POLICY",
    "RULE_ERROR",
    "TOLD",
    "AudienceTrace",
    "Explanation",
    "Input",
    "RuleTrace",
    "SlotTrace",
    "assigned_unit",
    "assignments",
    "checked",
    "decide",
    "document",
    "explain",
    "withholds_consent",
]

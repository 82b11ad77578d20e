"""The report to the principal: versions that are kept, each with the figures of its moment, and what documents are made of them.

Verbs: Reports.make, write.   Facts: ReportMade.
A version becomes a `Document` (`chapters.document_of`), and that becomes a page, slides, a workbook or open data, the same each time.
Stands on: the report of a day, the programme, core.   Known by: web.
"""

from conference.followup.reports.chapters import document_of
from conference.followup.reports.document import Document
from conference.followup.reports.service import Reports
from conference.followup.reports.views import Kept

__all__ = ["Document", "Kept", "Reports", "document_of"]

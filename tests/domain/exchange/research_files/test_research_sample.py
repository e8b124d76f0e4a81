"""Titles and dates of a sample that was written by reading the files, across all four sets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from insights.exchange.research_files import ResearchDocument, read_research_file, suggested_study

SHARED = Path(__file__).parents[4].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside the checkout")

NHS = "nhs-design-history/app"
ONRR = "onrr-research/research"
TANF = "tanf-research/docs/User-Experience"
SYNTHESES = f"{TANF}/Research-Syntheses"
GRANTS = "simpler-grants-research/documentation/wiki"

# File, title, and the date with how exact it is and where it comes from.
SAMPLE = """
{NHS}/book-a-vaccination/2024/08/what-is-nbs/index.md
What is the national booking service?
2024-08-15 day from the front matter

{NHS}/book-a-vaccination/2025/10/improving-date-selection/index.md
Making date selection more flexible
2025-10-02 day from the front matter

{NHS}/book-a-vaccination/2025/12/119-ur/index.md
Testing our non-digital routes
2025-12-16 day from the front matter

{NHS}/book-a-vaccination/2026/improving-booking-retrieval/index.md
Improving the booking retrieval process
2026-04-21 day from the front matter

{NHS}/bowel-screening/2025/02/accessibility-audit/index.md
Accessibility audit of BCSS
2025-04-07 day from the front matter

{NHS}/breast-screening-reporting/2025/07/index.md
Improving pathology BQA reporting
2025-07-01 day from the front matter

{NHS}/cohort-to-clinic/2026/06/what-we-learned-about-smart-clinics/index.md
What we learned about smart clinics
2026-06-22 day from the front matter

{NHS}/diabetic-eye-screening/2025/08/reframing-and-brainstorming-together/index.md
Reframing and brainstorming together
2025-08-04 day from the front matter

{NHS}/explore-team/2025/01/sharing-screening-results-with-gps/index.md
Sharing screening results with GPs
2025-01-07 day from the front matter

{NHS}/help-to-stay-healthy/2025/11/naming-the-service/index.md
Naming the service (for the pilot)
2025-11-24 day from the front matter

{NHS}/hpv-self-testing/2025/08/ur-unhappy-paths-reminders-and-nudges/index.md
August User Research - Unhappy paths, reminders and nudges
2026-05-01 day from the front matter

{NHS}/hpv-self-testing/2025/06/card-sorting/index.md
Card sorting research study in June 2025
2025-06-23 day from the front matter

{NHS}/lung-health-check/2026/03/beyond-user-needs/index.md
Understanding user experience in lung cancer screening beyond user needs
2026-03-03 day from the front matter

{NHS}/manage-breast-screening/2025/06/recording-ethnicity/index.md
Recording ethnicity
2025-06-23 day from the front matter

{NHS}/manage-vaccinations-in-schools/2025/09/flu-recording/index.md
Doughnuts and diamonds: Recording a flu vaccination
2025-09-12 day from the front matter

{NHS}/manage-vaccinations-in-schools/2026/01/service-stages/index.md
Why we’ve stopped breaking up school-age vaccinations into a sequential journey
2026-01-06 day from the front matter

{NHS}/manage-your-appointments/2026/01/crossroads/index.md
We’re at a crossroads
2026-01-12 day from the front matter

{NHS}/manage-your-screening/2025/03/ur-round1/index.md
User Research Round 1
2025-03-26 day from the front matter

{NHS}/nhs-health-check-online/2025/09/cholesterol-results/index.md
Cholesterol results page
2025-09-01 day from the front matter

{NHS}/screening-invite/2025/12/invite-breast-screening-private-beta-user-research/index.md
User research findings from digital-first breast screening invitations
2025-12-19 day from the front matter

{ONRR}/00_UserTypes/00_UserTypes.md
User Types
no date

{ONRR}/01_sprint17/sprint17_interview-script.md
Front page user interview questions
no date

{ONRR}/01_sprint17/sprint17_results.md
Sprint 17 usability test results
no date

{ONRR}/03_ sprint-mightymoose/sprint-mightymoose_results.md
Information architecture usability test results
no date

{ONRR}/04_sprint-mightymoose-b/sprint-mightymoose_research-plan-b.md
Information architecture research plan - part b
no date

{ONRR}/06_sprint-hautyhagfish/sprint-hautyhagfish_research-plan.md
Sprint-HautyHagfish research plan
no date

{ONRR}/13_sprint-preposterous-puffin/sprint-preposterouspuffin_results.md
Sprint preposterouspuffin results
no date

{ONRR}/14_sprint-inquisitive-impala/discussion_guide.md
Discussion guide, Sprint inquisitive impala
no date

{ONRR}/15_cheeseycheetah_stats_page/research_results.md
Research results, Cheeseycheetah stats page
no date

{ONRR}/16_ReflectingReindeer_analytics_plan/measurement-plan.md
NRDD measurement plan
no date

{ONRR}/17_LovelyLLama_apr2018_disbursements_interviews/Results.md
Results, LovelyLLama disbursements interviews
2018-04-01 month from the path

{ONRR}/18_BenevolentBats_may2018_disbursements_round1/Research_Results.md
Research results, Benevolent Bats disbursements round1
2018-05-01 month from the path

{ONRR}/19_gratefulgopher_jun2018_disbursements_round2/Guide.md
Interview Guide, Gratefulgopher disbursements round2
2018-06-01 month from the path

{ONRR}/21_obliviousorangutan_aug2018_keyfacts_exploredata/Results.md
Results, Obliviousorangutan keyfacts exploredata
2018-08-01 month from the path

{ONRR}/22_QuietQuail_sept2018_homepage/ResearchPlan.md
Research plan, Quiet Quail homepage
2018-09-01 month from the path

{ONRR}/23_timelyturkey_oct2018_interim_interviews/Results.md
Results, Timelyturkey interim interviews
2018-10-01 month from the path

{ONRR}/summary-jan2016.md
Research summary
2016-01-01 month from the file name

{ONRR}/research-questions.md
Research questions
no date

{SYNTHESES}/2020, Fall - STT Attribute Guide.md
STT Attributes Guide
2020-09-01 season from the file name

{SYNTHESES}/2020, Spring - Understanding the local experience.md
2020, Spring - Understanding the local experience
2020-03-01 season from the file name

{SYNTHESES}/2020, Fall - Understanding STT and OFA painpoints.md
Winter 2021, Round 4 Synthesis
2020-09-01 season from the file name

{SYNTHESES}/2021, Spring - Evil User Journeys & TANF Data Errors.md
2021, Spring - Evil User Journeys & TANF Data Errors (Round 6)
2021-03-01 season from the file name

{SYNTHESES}/2022, Fall - Understanding STT Error Message Interpretation copy.md
2022, Fall - Understanding STT Error Message(s) Interpretations
2022-09-01 season from the file name

{SYNTHESES}/2023, Spring - Testing CSV & Excel-based error reports.md
Spring 2023 - Testing CSV & Excel-based error reports
2023-03-01 season from the file name

{SYNTHESES}/2023, Winter - TDP 3.0 Pilot Program.md
2023, Winter - TDP 3.0 Pilot Program
2023-01-01 season from the file name

{SYNTHESES}/2024, Summer - OFA Admin Experience.md
2024, Summer - OFA Admin Experience
2024-06-01 season from the file name

{SYNTHESES}/Sitemap Survey Research Synthesis.md
Research Synthesis - Tree-testing (Sitemap Survey)
no date

{TANF}/User-Research-Guide.md
How to do user research at OFA
no date

{GRANTS}/design-and-research/user-research/grants.gov-archetypes.md
Grants.gov archetypes
no date

{GRANTS}/design-and-research/content-guidelines/editoral-style.md
Editorial style
no date

{GRANTS}/design-and-research/brand-guidelines/README.md
Brand guidelines
no date

{GRANTS}/product/deliverables/co-design-group.md
Co-Design Group planning
no date

{GRANTS}/product/deliverables/get-opportunities.md
GET Opportunities
no date
"""


def rows() -> Iterator[tuple[str, str, str]]:
    for row in SAMPLE.strip().split("\n\n"):
        file, title, dated = row.splitlines()
        yield file.format(NHS=NHS, ONRR=ONRR, TANF=TANF, SYNTHESES=SYNTHESES, GRANTS=GRANTS), title, dated


def date_of(document: ResearchDocument) -> str:
    if document.dated_on is None:
        return "no date"
    return f"{document.dated_on.isoformat()} {document.date_precision} from the {document.date_from}"


def read(file: str) -> ResearchDocument:
    name = file.partition("/")[2]
    document = read_research_file(name, (SHARED / file).read_bytes())
    assert isinstance(document, ResearchDocument)
    return document


@pytest.mark.parametrize(("file", "title", "dated"), list(rows()))
def test_title_and_date_are_those_a_person_reads(file: str, title: str, dated: str) -> None:
    document = read(file)

    assert document.title == title
    assert date_of(document) == dated


@pytest.mark.parametrize(
    ("file", "study"),
    [
        (f"{NHS}/book-a-vaccination/2026/improving-booking-retrieval/index.md", "Book a vaccination"),
        (f"{NHS}/breast-screening-reporting/2025/07/index.md", "Breast screening reporting"),
        (f"{ONRR}/03_ sprint-mightymoose/sprint-mightymoose_results.md", "Sprint mightymoose"),
        (f"{ONRR}/22_QuietQuail_sept2018_homepage/Guide.md", "Quiet Quail homepage"),
        (f"{ONRR}/research-questions.md", "Research"),
        (f"{SYNTHESES}/2024, Summer - OFA Admin Experience.md", "Research Syntheses"),
        (f"{GRANTS}/design-and-research/brand-guidelines/README.md", "Brand guidelines"),
    ],
)
def test_the_folder_that_holds_a_study_names_it(file: str, study: str) -> None:
    assert suggested_study(read(file)) == study


@pytest.mark.parametrize(
    ("file", "method", "participants"),
    [
        (f"{ONRR}/15_cheeseycheetah_stats_page/research_results.md", "interview", 7),
        (f"{NHS}/hpv-self-testing/2025/07/usability-testing/index.md", "usability test", 17),
        (f"{NHS}/book-a-vaccination/2025/12/pop-up-ur/index.md", "pop-up research", 10),
        (f"{NHS}/manage-your-screening/2025/04/insights-from-team-invite-survey-april-2025/index.md", "survey", 231),
        (f"{SYNTHESES}/2021, Spring - Tribal MVP (Release 2) Design Sprint.md", "workshop", 18),
        (f"{GRANTS}/design-and-research/brand-guidelines/logo.md", None, None),
    ],
)
def test_method_and_number_of_people_are_taken_from_the_words(
    file: str, method: str | None, participants: int | None
) -> None:
    document = read(file)

    assert (document.method, document.participants) == (method, participants)


def test_authors_tags_and_description_come_from_the_front_matter() -> None:
    joint = read(f"{NHS}/help-to-stay-healthy/2025/03/discovery-summary/index.md")
    plain = read(f"{NHS}/diabetic-eye-screening/2026/04/from-co-design-to-delivery/index.md")
    folded = read(f"{GRANTS}/design-and-research/brand-guidelines/README.md")

    assert joint.authors == ("Mat Johnson", "Bill Wessel")
    assert plain.tags == ("cascade",)
    assert folded.description == "Brand guidelines are rules and standards that define how a brand should be presented."

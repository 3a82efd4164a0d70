"""What the demo province did in the last two weeks, through the same services as everybody."""

from datetime import timedelta

from config import clock
from demo import chain_samples, paper_samples, task_samples
from demo.past import COUNTY, Past, days_ago


def play() -> None:
    """Write it all into the transaction in hand."""
    past = Past()
    with days_ago(13, 9, 20):
        banquets = paper_samples.banquets(past)
    with days_ago(12, 10, 5):
        past.read(banquets, opened=0.72, signed=0.85)
        lifts = task_samples.lifts(past)
    with days_ago(10, 9, 10):
        charging = chain_samples.charging(past)
    with days_ago(9, 15, 40):
        cooks = task_samples.cooks(past, banquets)
        case = paper_samples.fuel_case(past)
        chain_samples.receive(past, charging)
    with days_ago(7, 8, 50):
        past.read(case, opened=0.35, signed=0.0, but=COUNTY)
        chain_samples.relay(past, charging)
        task_samples.answer_lifts(past, lifts)
    with days_ago(5, 16, 10):
        paper_samples.spot_check(past)
        paper_samples.training(past)
        task_samples.answer_cooks(past, cooks)
        past.read(charging, opened=0.9, signed=0.9, but=COUNTY)
        chain_samples.warehouse(past)
        chain_samples.catalogue(past)
        chain_samples.ask(past, charging)
        chain_samples.void_form(past)
    with days_ago(2, 9, 30):
        paper_samples.seals(past)
        task_samples.heating(past)
        paper_samples.on_the_desk(past)
    with clock.shifted(-timedelta(hours=2)):
        urgent = paper_samples.urgent(past)
    with clock.shifted(-timedelta(hours=1)):
        past.read(urgent, opened=0.5, signed=0.7, but=COUNTY)


def attach() -> None:
    """What has files, in transactions of its own."""
    with days_ago(1, 11, 0):
        chain_samples.with_sheet(Past())

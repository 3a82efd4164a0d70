"""The one place that sees everything and joins it: the WSGI app and the command line."""

import sys
from collections.abc import Callable, Sequence

from apiflask import APIFlask
from click import Command
from flask import Blueprint
from flask_bootstrap import Bootstrap5
from flask_compress import Compress

from agencies import api as agencies_api
from agencies import cli as agencies_cli
from agencies import holdings as agencies_holdings
from agencies import jobs as agencies_jobs
from agencies import labels, permissions, security
from agencies import web as agencies_web
from agencies.actors import current_actor, load_actor
from agencies.exports import api as exports_api
from agencies.exports import jobs as exports_jobs
from agencies.exports import labels as exports_labels
from agencies.exports import permissions as exports_permissions
from agencies.exports import web as exports_web
from agencies.holdings import Holding
from agencies.services import exports as agencies_exports
from agencies.services.restored import end_sessions
from bulletins import api as bulletins_api
from bulletins import checks as bulletins_checks
from bulletins import cli as bulletins_cli
from bulletins import desk_section, follow_section
from bulletins import file_labels as bulletins_file_labels
from bulletins import handlers as bulletins_handlers
from bulletins import holdings as bulletins_holdings
from bulletins import jobs as bulletins_jobs
from bulletins import labels as bulletins_labels
from bulletins import permissions as bulletins_permissions
from bulletins import sections as bulletins_sections
from bulletins import tables as bulletins_tables
from bulletins import web as bulletins_web
from bulletins.library import labels as library_labels
from bulletins.library import permissions as library_permissions
from bulletins.library import section as library_section
from bulletins.outside import figures as outside_figures
from bulletins.questions import labels as question_labels
from bulletins.questions import permissions as question_permissions
from bulletins.questions import section as question_section
from bulletins.search import labels as search_labels
from bulletins.search import section as search_section
from bulletins.services.indexing import index_restored
from config import (
    assets,
    cli,
    console,
    database,
    files,
    handling,
    health,
    http,
    jobs,
    logging,
    metrics,
    migrating,
    navigation,
    openapi,
    queueing,
    settings,
    tasks,
)
from config.callers import Callers
from config.figures import Source
from config.handling import Handlers
from config.navigation import NavItem
from config.queueing import Line, Tasks
from config.restoring import Hook
from config.scheduling import Job
from config.sections import Section
from coordination import api as coordination_api
from coordination import holdings as coordination_holdings
from coordination import jobs as coordination_jobs
from coordination import labels as coordination_labels
from coordination import permissions as coordination_permissions
from coordination import sections as coordination_sections
from coordination import web as coordination_web
from demo import province
from home import permissions as home_permissions
from home import web as home_web
from notifications import api as notifications_api
from notifications import (
    bell_api,
    bell_handlers,
    hook_handlers,
    joining_api,
    ledger_api,
    lost_readers,
    queues_api,
    queues_cli,
)
from notifications import figures as notifications_figures
from notifications import handlers as notifications_handlers
from notifications import holdings as notifications_holdings
from notifications import jobs as notifications_jobs
from notifications import labels as notifications_labels
from notifications import permissions as notifications_permissions
from notifications import tasks as notifications_tasks
from notifications import web as notifications_web
from notifications.hooks import api as endpoints_api
from notifications.hooks import figures as endpoints_figures
from notifications.services.ledger import after_restore
from notifications.texting import api as texting_api
from notifications.texting import figures as texting_figures

BLUEPRINTS: Sequence[Blueprint] = (
    health.bp,
    metrics.bp,
    agencies_web.bp,
    agencies_api.bp,
    exports_web.bp,
    exports_api.bp,
    bulletins_web.bp,
    bulletins_api.bp,
    coordination_web.bp,
    coordination_api.bp,
    notifications_web.bp,
    notifications_api.bp,
    bell_api.bp,
    texting_api.bp,
    joining_api.bp,
    ledger_api.bp,
    queues_api.bp,
    endpoints_api.bp,
    home_web.bp,
)
COMMANDS: Sequence[Command] = (
    *cli.COMMANDS,
    *agencies_cli.COMMANDS,
    *bulletins_cli.COMMANDS,
    *queues_cli.COMMANDS,
)
RULES: Sequence[dict[str, permissions.Rule]] = (
    permissions.RULES,
    exports_permissions.RULES,
    bulletins_permissions.RULES,
    question_permissions.RULES,
    library_permissions.RULES,
    coordination_permissions.RULES,
    notifications_permissions.RULES,
    home_permissions.RULES,
)
HANDLERS: Sequence[Handlers] = (
    bulletins_handlers.HANDLERS,
    notifications_handlers.HANDLERS,
    bell_handlers.HANDLERS,
    hook_handlers.HANDLERS,
)
JOBS: Sequence[Job] = (
    *jobs.JOBS,
    *agencies_jobs.JOBS,
    *exports_jobs.JOBS,
    *bulletins_jobs.JOBS,
    *coordination_jobs.JOBS,
    *notifications_jobs.JOBS,
)
TASKS: Sequence[Tasks] = (tasks.TASKS, notifications_tasks.TASKS)
LINES: Sequence[Line] = (*notifications_tasks.LINES, *tasks.LINES)
HOLDINGS: Sequence[Holding] = (
    *agencies_holdings.HOLDINGS,
    *bulletins_holdings.HOLDINGS,
    *coordination_holdings.HOLDINGS,
    *notifications_holdings.HOLDINGS,
)
SECTIONS: Sequence[Section] = (
    *bulletins_sections.SECTIONS,
    *desk_section.SECTIONS,
    *search_section.SECTIONS,
    *question_section.SECTIONS,
    *library_section.SECTIONS,
    *follow_section.SECTIONS,
    *coordination_sections.SECTIONS,
    *lost_readers.SECTIONS,
)
NAVIGATION: Sequence[NavItem] = (
    *home_web.NAVIGATION,
    *agencies_web.NAVIGATION,
    *bulletins_web.NAVIGATION,
    *coordination_web.NAVIGATION,
    *notifications_web.NAVIGATION,
)
CALLERS: Callers = (*bulletins_web.CALLERS, *notifications_web.CALLERS)
PORTS: Sequence[Callable[[], None]] = (
    exports_labels.fill,
    agencies_exports.fill,
    bulletins_tables.fill,
    bulletins_labels.fill,
    bulletins_file_labels.fill,
    search_labels.fill,
    question_labels.fill,
    bulletins_checks.fill,
    library_labels.fill,
    bulletins_web.relay_panel.fill,
    bulletins_web.answering_panel.fill,
    bulletins_web.question_panel.fill,
    bulletins_web.library_panel.fill,
    coordination_labels.fill,
    coordination_web.panel.fill,
    notifications_web.panel.fill,
    notifications_web.told.fill,
    notifications_labels.fill,
)
FIGURES: Sequence[Source] = (
    outside_figures.figures,
    notifications_figures.figures,
    texting_figures.figures,
    endpoints_figures.figures,
)
RESTORED: Sequence[Hook] = (end_sessions, index_restored, after_restore)
# First what must not be ahead of the database.
KEPT_FILES: Sequence[str] = ("journal-checkpoints", "outbox", "files/content")
DEMO = province.DEMO


def create_app(given: settings.Settings | None = None) -> APIFlask:
    """The whole service joined, for ``given`` settings or those of the environment.

    A wrong setting ends the process with one line on standard error.
    """
    try:
        chosen = given or settings.load()
    except settings.SettingsError as error:
        sys.exit(str(error))
    app = APIFlask(
        __name__,
        title="Changtong",
        version="1",
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.config.update(
        SECRET_KEY=chosen.secret_key.get_secret_value(),
        DATA_DIR=str(chosen.data_dir),
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.extensions["settings"] = chosen
    app.cli = console.Console(name=app.name)
    app.cli.late = {"db": migrating.join}
    logging.configure(chosen.log_level)
    logging.init_app(app)
    database.init_app(app, chosen)
    files.init_app(app, chosen)
    app.before_request(load_actor)
    app.before_request(permissions.guard)
    http.init_app(app, chosen)
    metrics.init_app(app)
    security.init_app(app, app.config["SECRET_KEY"])
    openapi.init_app(app)
    Bootstrap5(app)
    assets.init_app(app)
    Compress(app)
    _join(app)
    return app


def _join(app: APIFlask) -> None:
    for rules in RULES:
        permissions.register(rules)
    app.extensions["handlers"] = handling.joined(*HANDLERS)
    app.extensions["jobs"] = JOBS
    app.extensions["tasks"] = queueing.joined(*TASKS)
    app.extensions["lines"] = LINES
    app.extensions["holdings"] = HOLDINGS
    app.extensions["figures"] = FIGURES
    app.extensions["restored"] = RESTORED
    app.extensions["kept_files"] = KEPT_FILES
    app.extensions["demo"] = DEMO
    app.extensions["callers"] = (*app.extensions["callers"], *CALLERS)
    app.extensions["sections"] = sorted(SECTIONS, key=lambda section: section.order)
    for fill in PORTS:
        fill()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    app.jinja_env.filters.update(labels.FILTERS)
    app.context_processor(_page_context)
    app.jinja_env.globals.update(
        can=lambda action, thing=None: permissions.can(current_actor(), action, thing)
    )


def _page_context() -> dict[str, object]:
    actor = current_actor()
    items = [item for item in NAVIGATION if permissions.can(actor, item.action)]
    return {
        "actor": actor,
        "nav_items": navigation.Menu(sorted(items, key=lambda item: item.order)),
    }

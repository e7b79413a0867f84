"""Settings, all of them: what a host may choose is read from the environment and has a default that works."""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from answerable.core.durable import make_once

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _secret_key(path: Path) -> str:
    """The key of this host: made once, readable by its owner only."""
    return make_once(path, lambda: secrets.token_urlsafe(48).encode("ascii")).decode("ascii").strip()


ANSWERABLE_HOME = Path(os.environ.get("ANSWERABLE_HOME", "var")).resolve()
ANSWERABLE_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
ANSWERABLE_DEMO = _flag("ANSWERABLE_DEMO")
ANSWERABLE_MAIL_DOMAIN = os.environ.get("ANSWERABLE_MAIL_DOMAIN", "answerable.example").lower()
# Whether mail to that domain reaches this host: then every letter asks for answers at an address of its own.
ANSWERABLE_RECEIVES_MAIL = ANSWERABLE_DEMO or "ANSWERABLE_MAIL_DOMAIN" in os.environ
# The relay letters leave through; without one, only a team's own mailbox, post, forms and downloads remain.
ANSWERABLE_SMTP_URL = os.environ.get("ANSWERABLE_SMTP_URL", "")
# How many letters may leave in one day (UTC), at most: in all, to one domain, to one address; 0: any number.
ANSWERABLE_MOST_A_DAY = int(os.environ.get("ANSWERABLE_MOST_A_DAY", "1000"))
ANSWERABLE_MOST_A_DAY_TO_DOMAIN = int(os.environ.get("ANSWERABLE_MOST_A_DAY_TO_DOMAIN", "100"))
ANSWERABLE_MOST_A_DAY_TO_ADDRESS = int(os.environ.get("ANSWERABLE_MOST_A_DAY_TO_ADDRESS", "20"))
ANSWERABLE_LISTEN = os.environ.get("ANSWERABLE_LISTEN", "127.0.0.1:8025")
ANSWERABLE_SPOOL = ANSWERABLE_HOME / "spool"
ANSWERABLE_RECORD = ANSWERABLE_HOME / "record"
PORT = int(os.environ.get("PORT", "8000"))
ANSWERABLE_URL = os.environ.get("ANSWERABLE_URL", f"http://localhost:{PORT}").rstrip("/")

DEBUG = _flag("ANSWERABLE_DEBUG")
SECRET_KEY = os.environ.get("ANSWERABLE_SECRET_KEY") or _secret_key(ANSWERABLE_HOME / "secret.key")
ALLOWED_HOSTS = [h for h in os.environ.get("ANSWERABLE_HOSTS", "").split(",") if h]
ALLOWED_HOSTS += [urlsplit(ANSWERABLE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ANSWERABLE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "answerable.evidence",
    "answerable.accounts",
    "answerable.directory",
    "answerable.cases",
    "answerable.letters",
    "answerable.clock",
    "answerable.dispatch",
    "answerable.inbound",
    "answerable.record",
    "answerable.importers",
    "answerable.web",
    "answerable.workers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "answerable.web.refusing.explained",
]

ROOT_URLCONF = "answerable.conf.urls"
WSGI_APPLICATION = "answerable.conf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "answerable.web.context.desk",
            ],
        },
    }
]

FORM_RENDERER = "answerable.web.rendering.Rendering"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{ANSWERABLE_HOME / 'answerable.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {
        "BACKEND": "answerable.evidence.folder.Folder",
        "OPTIONS": {"location": ANSWERABLE_HOME / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to because somebody typed their address
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_FORMS = {
    "login": "answerable.web.forms.accounts.SignIn",
    "change_password": "answerable.web.forms.accounts.ChangePassword",
}
ACCOUNT_ADAPTER = "answerable.accounts.adapter.InvitationOnly"
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # axes does this, with a delay and per account
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.02
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "answerable.web.access.address_of"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ANSWERABLE_URL.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
ANSWERABLE_BEHIND_PROXY = _flag("ANSWERABLE_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ANSWERABLE_BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fa", _("Persian"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "answerable.conf.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Django's own mail: only the link for a new password. Letters leave by answerable/dispatch/.
_RELAY = urlsplit(ANSWERABLE_SMTP_URL)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if ANSWERABLE_SMTP_URL else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _RELAY.hostname or "localhost", _RELAY.port or 25
EMAIL_USE_SSL, EMAIL_USE_TLS = _RELAY.scheme == "smtps", _RELAY.scheme == "smtp+starttls"
if EMAIL_USE_SSL or EMAIL_USE_TLS or EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}:  # no password in the clear
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_RELAY.username or ""), unquote(_RELAY.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = f"answerable@{ANSWERABLE_MAIL_DOMAIN}"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ANSWERABLE_LOG", "WARNING").upper()},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
TESTING = "pytest" in sys.modules

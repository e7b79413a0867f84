"""Users, teams and who belongs to them; the mailboxes that teams send from and read."""

import datetime as dt
import uuid
from typing import ClassVar

from cryptography.fernet import Fernet
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from answerable.evidence.models import Act

from .sealing import sealing_key


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "", **fields: object) -> "User":
        """Afterwards the user exists, with a usable password if one was given."""
        user: User = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, *, name: str = "", **fields: object) -> "User":
        """Afterwards the user exists and keeps this host."""
        return self.create_user(email, password, name=name, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail address, in any case of letters."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. A superuser keeps the host: sees held mail of no team, adds to the shared directory."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("your name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams, as one user may see them."""

    def of(self, user: "User") -> "TeamQuerySet":
        """The teams that `user` belongs to."""
        return self.filter(memberships__user=user)


class Team(models.Model):
    """The people who write together, and whose cases nobody else sees: a family, an organisation's desk."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("team name"), max_length=120)
    postal_address = models.TextField(_("postal address, as it stands on letters"), blank=True)
    country = models.CharField(_("country"), max_length=6, blank=True)
    created_at = models.DateTimeField()

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a user belongs to a team, and as what."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner: writes, sends, publishes, invites")
        WRITER = "writer", _("writer: writes, sends and publishes")
        READER = "reader", _("reader: reads only")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.WRITER)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("team", "user", name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class Invitation(models.Model):
    """An open place in a team. Whoever holds the link takes it, once, before it runs out."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Membership.Role.choices, default=Membership.Role.WRITER)
    note = models.CharField(_("for whom"), max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.team_id}"

    def open_at(self, now: dt.datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and now < self.expires_at


class Mailbox(models.Model):
    """A mailbox of the writer's own: letters leave through its SMTP account, answers are fetched by IMAP."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start (ports 465, 993)")
        STARTTLS = "starttls", _("STARTTLS (ports 587, 143)")
        NONE = "none", _("none: only for a server on this machine")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mailboxes")
    address = models.EmailField(_("e-mail address"))
    username = models.CharField(_("user name"), max_length=200)
    sealed_password = models.BinaryField(editable=False)
    smtp_host = models.CharField(_("SMTP server"), max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(_("SMTP port"), default=465)
    smtp_security = models.CharField(_("SMTP security"), max_length=10, choices=Security.choices, default=Security.TLS)
    imap_host = models.CharField(_("IMAP server"), max_length=200, blank=True)
    imap_port = models.PositiveIntegerField(_("IMAP port"), default=993)
    imap_security = models.CharField(_("IMAP security"), max_length=10, choices=Security.choices, default=Security.TLS)
    imap_folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    last_polled_at = models.DateTimeField(null=True, blank=True)
    last_fetched_at = models.DateTimeField(null=True, blank=True, help_text="the last poll that nothing went wrong in")
    last_error = models.TextField(blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [models.UniqueConstraint("team", "address", name="mailbox_once")]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"

    @property
    def password(self) -> str:
        """The account's password, unsealed with the key of this host."""
        return Fernet(sealing_key()).decrypt(bytes(self.sealed_password)).decode()

    @password.setter
    def password(self, value: str) -> None:
        self.sealed_password = Fernet(sealing_key()).encrypt(value.encode())


class TeamAct(Act):
    """What was done to a team."""

    subject = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="acts")

    class Meta(Act.Meta):
        pass

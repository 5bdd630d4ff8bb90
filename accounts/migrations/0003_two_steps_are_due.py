from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_log_is_append_only")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="two_steps_due_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="two-step sign-in needed from"
            ),
        ),
    ]

"""Static files under names with a hash of what is in them, and compressed beforehand."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also knows that one script imports another: else what is imported would be asked for
    under its plain name, and again a minute later."""

    support_js_module_import_aggregation = True

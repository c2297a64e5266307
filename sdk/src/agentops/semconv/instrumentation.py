"""Names of facts about who has traced. As SDK 0.4 has them."""


class InstrumentationAttributes:
    """Names of facts about who has traced."""

    NAME = "instrumentation.name"
    VERSION = "instrumentation.version"
    LIBRARY_NAME = "library.name"
    LIBRARY_VERSION = "library.version"
    INSTRUMENTATION_TYPE = "instrumentation.type"

"""Duration of previews."""

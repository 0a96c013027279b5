"""Every sentence, in Chinese and in English."""

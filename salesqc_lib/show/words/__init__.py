"""The words of a page: names, the glossary, sentences, findings told."""

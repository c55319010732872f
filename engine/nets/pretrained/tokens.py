"""The symbols of a model: texts cut as it was cut when the model learnt, by the ``tokenizers`` library.

``tokenizer.json`` says all of it; older models have ``vocab.json`` and ``merges.txt`` (GPT-2: pairs of bytes, Sennrich,
Haddow and Birch 2015, arXiv 1508.07909), or ``vocab.txt`` (BERT: pieces of words, Wu et al. 2016, arXiv 1609.08144).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from engine.errors import DataError
from engine.nets.pretrained.config import Config, Kind, json_object
from engine.nets.pretrained.rules import refuse_unknown
from engine.nets.pretrained.weights import Files

TOKENIZER, VOCABULARY, MERGES, LINES, SETTINGS = (
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
    "tokenizer_config.json",
)
MOST_BYTES = 64 * 2**20
MOST_CHARS = 20_000
"""Of a text that is cut at once."""
MOST_LETTERS = 80
"""Of a symbol that is shown."""


class Tokens:
    """Cuts texts into the numbers of symbols, and says how each is written, for a model of a ``kind`` with so many
    (``fits``).

    Of BERT's, ``mask`` stands for one that is to be told, and ``separator`` between two sentences; None where there is
    none.
    """

    def __init__(self, cutter: Tokenizer, kind: Kind, fits: int) -> None:
        self._cutter, self._fits = cutter, fits
        self.mask, self.separator = (
            cutter.token_to_id(symbol) if kind == "bert" else None for symbol in ("[MASK]", "[SEP]")
        )
        self._letters = {letter: byte for byte, letter in _letters_of_bytes()}

    def encode(self, text: str) -> list[int]:
        """Return the symbols of a text, with those that stand around it; raises DataError where one is too many."""
        with _understood("This text cannot be cut into the symbols of this model"):
            found = self._cutter.encode(text[:MOST_CHARS]).ids
        odd = next((symbol for symbol in found if symbol >= self._fits), None)
        if odd is not None:
            raise DataError(
                f"The symbol {self.shown(odd)!r} has the number {odd:,}: the model has {self._fits:,} symbols."
            )
        return found

    def shown(self, symbol: int) -> str:
        """Return how a symbol is written in one line: ``␣`` is a blank at its beginning, ``⏎`` a line end."""
        piece = self._cutter.id_to_token(symbol)
        if piece is None:
            return f"#{symbol}"
        whole, piece = len(piece) <= MOST_LETTERS, piece[:MOST_LETTERS]
        if isinstance(self._cutter.decoder, decoders.ByteLevel) and all(letter in self._letters for letter in piece):
            piece = _readable(bytes(self._letters[letter] for letter in piece))
        piece = "".join(
            letter if letter.isprintable() or letter in "\r\n\t" else f"⟨{ord(letter):x}⟩" for letter in piece
        )
        piece = piece.replace("\r", "␍").replace("\n", "⏎").replace("\t", "⇥").replace(" ", "␣")
        return piece if whole else f"{piece}…"

    def decode(self, symbols: Sequence[int]) -> str:
        """Return the text of symbols, without those that stand around it."""
        return self._cutter.decode(list(symbols))


def tokens_of(files: Files, config: Config) -> Tokens:
    """Return the symbols of a model by its files; raises DataError."""
    with _understood("The symbols of this model cannot be read"):
        cutter = _cutter(files, config)
    cutter.no_truncation()
    cutter.no_padding()
    return Tokens(cutter, config.kind, config.vocabulary)


def _cutter(files: Files, config: Config) -> Tokenizer:
    if TOKENIZER in files:
        data = _read(files[TOKENIZER], TOKENIZER)
        refuse_unknown(json_object(data, TOKENIZER), TOKENIZER)
        return Tokenizer.from_str(data.decode("utf-8-sig"))
    if VOCABULARY in files and MERGES in files:
        return _pairs(_read(files[VOCABULARY], VOCABULARY), _read(files[MERGES], MERGES))
    if LINES in files:
        return _pieces(_read(files[LINES], LINES), _lowers(files))
    usual = f"{VOCABULARY} with {MERGES}" if config.kind == "gpt2" else LINES
    raise DataError(f"The model's symbols are missing: expected a file {TOKENIZER}, or {usual}.")


def _pairs(vocabulary: bytes, merges: bytes) -> Tokenizer:
    """Return what cuts as GPT-2 does."""
    numbers = json_object(vocabulary, VOCABULARY)
    if not all(type(number) is int and number >= 0 for number in numbers.values()):
        raise DataError(f"{VOCABULARY}: expected each symbol with its number.")
    pairs: list[tuple[str, str]] = []
    for at, line in enumerate(_text(merges, MERGES).split("\n"), 1):
        if not line.strip() or line.startswith("#version"):
            continue
        one, _, other = line.rstrip("\r").partition(" ")
        if not one or not other or " " in other:
            raise DataError(
                f"{MERGES}, line {at:,}: expected two symbols with a blank between, received {line[:40]!r}."
            )
        pairs.append((one, other))
    cutter = Tokenizer(models.BPE(vocab=numbers, merges=pairs))
    cutter.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    cutter.decoder = decoders.ByteLevel()
    cutter.add_special_tokens([symbol for symbol in ("<|endoftext|>",) if symbol in numbers])
    return cutter


def _pieces(lines: bytes, lowers: bool) -> Tokenizer:
    """Return what cuts as BERT does."""
    numbers = {line.rstrip("\r"): at for at, line in enumerate(_text(lines, LINES).rstrip("\n").split("\n"))}
    lacking = [symbol for symbol in ("[UNK]", "[CLS]", "[SEP]") if symbol not in numbers]
    if lacking:
        raise DataError(f"{LINES} has no {', '.join(lacking)}: expected a symbol in each line, these among them.")
    cutter = Tokenizer(models.WordPiece(vocab=numbers, unk_token="[UNK]"))  # noqa: S106 - no password
    cutter.normalizer = normalizers.BertNormalizer(lowercase=lowers)
    cutter.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cutter.decoder = decoders.WordPiece()
    around = [(symbol, numbers[symbol]) for symbol in ("[CLS]", "[SEP]")]
    cutter.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=around)
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    cutter.add_special_tokens([symbol for symbol in special if symbol in numbers])
    return cutter


def _lowers(files: Files) -> bool:
    """Tell whether BERT reads small letters alone; it does where nothing else is said."""
    if SETTINGS not in files:
        return True
    return json_object(_read(files[SETTINGS], SETTINGS), SETTINGS).get("do_lower_case") is not False


@contextmanager
def _understood(said: str) -> Iterator[None]:
    """Have whatever the library raises be a DataError that begins so: it names no kinds of errors, and where it breaks
    off, which it calls a panic, not even an Exception.
    """
    try:
        yield
    except (DataError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        why = " ".join(str(error).split())[:160].removesuffix(".")
        raise DataError(f"{said}: {why}.") from None


def _read(path: Path, name: str) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise DataError(f"{name} is too large: expected at most {MOST_BYTES >> 20} MB.")
    return path.read_bytes()


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is no text in UTF-8: byte {error.start:,} fits nowhere.") from None


def _readable(found: bytes) -> str:
    """Return bytes as text; those that are only a part of a letter as they are."""
    try:
        return found.decode()
    except UnicodeDecodeError:
        return f"⟨{found.hex(' ')}⟩"


def _letters_of_bytes() -> Iterator[tuple[int, str]]:
    """Yield each byte with the letter by which GPT-2's files write it: itself, or where that is not seen, another."""
    seen = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = 0
    for byte in range(256):
        if byte in seen:
            yield byte, chr(byte)
        else:
            yield byte, chr(0x100 + hidden)
            hidden += 1

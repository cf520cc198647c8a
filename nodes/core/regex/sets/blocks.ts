/**
 * The named blocks of .NET, `\p{IsGreek}`: name without "Is", first and last UTF-16 unit in hexadecimal.
 * Source: Microsoft, "Character classes in .NET", section "Supported named blocks" (Unicode 4.0).
 */
const TABLE = `
AlphabeticPresentationForms fb00 fb4f, Arabic 0600 06ff, ArabicPresentationForms-A fb50 fdff,
ArabicPresentationForms-B fe70 feff, Armenian 0530 058f, Arrows 2190 21ff, BasicLatin 0000 007f,
Bengali 0980 09ff, BlockElements 2580 259f, Bopomofo 3100 312f, BopomofoExtended 31a0 31bf,
BoxDrawing 2500 257f, BraillePatterns 2800 28ff, Buhid 1740 175f, CJKCompatibility 3300 33ff,
CJKCompatibilityForms fe30 fe4f, CJKCompatibilityIdeographs f900 faff, CJKRadicalsSupplement 2e80 2eff,
CJKSymbolsandPunctuation 3000 303f, CJKUnifiedIdeographs 4e00 9fff,
CJKUnifiedIdeographsExtensionA 3400 4dbf, Cherokee 13a0 13ff, CombiningDiacriticalMarks 0300 036f,
CombiningDiacriticalMarksforSymbols 20d0 20ff, CombiningHalfMarks fe20 fe2f,
CombiningMarksforSymbols 20d0 20ff, ControlPictures 2400 243f, CurrencySymbols 20a0 20cf,
Cyrillic 0400 04ff, CyrillicSupplement 0500 052f, Devanagari 0900 097f, Dingbats 2700 27bf,
EnclosedAlphanumerics 2460 24ff, EnclosedCJKLettersandMonths 3200 32ff, Ethiopic 1200 137f,
GeneralPunctuation 2000 206f, GeometricShapes 25a0 25ff, Georgian 10a0 10ff, Greek 0370 03ff,
GreekExtended 1f00 1fff, GreekandCoptic 0370 03ff, Gujarati 0a80 0aff, Gurmukhi 0a00 0a7f,
HalfwidthandFullwidthForms ff00 ffef, HangulCompatibilityJamo 3130 318f, HangulJamo 1100 11ff,
HangulSyllables ac00 d7af, Hanunoo 1720 173f, Hebrew 0590 05ff, HighPrivateUseSurrogates db80 dbff,
HighSurrogates d800 db7f, Hiragana 3040 309f, IPAExtensions 0250 02af,
IdeographicDescriptionCharacters 2ff0 2fff, Kanbun 3190 319f, KangxiRadicals 2f00 2fdf, Kannada 0c80 0cff,
Katakana 30a0 30ff, KatakanaPhoneticExtensions 31f0 31ff, Khmer 1780 17ff, KhmerSymbols 19e0 19ff,
Lao 0e80 0eff, Latin-1Supplement 0080 00ff, LatinExtended-A 0100 017f, LatinExtended-B 0180 024f,
LatinExtendedAdditional 1e00 1eff, LetterlikeSymbols 2100 214f, Limbu 1900 194f, LowSurrogates dc00 dfff,
Malayalam 0d00 0d7f, MathematicalOperators 2200 22ff, MiscellaneousMathematicalSymbols-A 27c0 27ef,
MiscellaneousMathematicalSymbols-B 2980 29ff, MiscellaneousSymbols 2600 26ff,
MiscellaneousSymbolsandArrows 2b00 2bff, MiscellaneousTechnical 2300 23ff, Mongolian 1800 18af,
Myanmar 1000 109f, NumberForms 2150 218f, Ogham 1680 169f, OpticalCharacterRecognition 2440 245f,
Oriya 0b00 0b7f, PhoneticExtensions 1d00 1d7f, PrivateUse e000 f8ff, PrivateUseArea e000 f8ff,
Runic 16a0 16ff, Sinhala 0d80 0dff, SmallFormVariants fe50 fe6f, SpacingModifierLetters 02b0 02ff,
Specials fff0 ffff, SuperscriptsandSubscripts 2070 209f, SupplementalArrows-A 27f0 27ff,
SupplementalArrows-B 2900 297f, SupplementalMathematicalOperators 2a00 2aff, Syriac 0700 074f,
Tagalog 1700 171f, Tagbanwa 1760 177f, TaiLe 1950 197f, Tamil 0b80 0bff, Telugu 0c00 0c7f,
Thaana 0780 07bf, Thai 0e00 0e7f, Tibetan 0f00 0fff, UnifiedCanadianAboriginalSyllabics 1400 167f,
VariationSelectors fe00 fe0f, YiRadicals a490 a4cf, YiSyllables a000 a48f,
YijingHexagramSymbols 4dc0 4dff`;

/** Blocks by name as ranges of UTF-16 units. */
export const BLOCKS: ReadonlyMap<string, readonly [number, number]> = new Map(
	TABLE.split(',').map((row) => {
		const [name = '', from = '', to = ''] = row.trim().split(' ');
		return [`Is${name}`, [Number.parseInt(from, 16), Number.parseInt(to, 16)]];
	}),
);

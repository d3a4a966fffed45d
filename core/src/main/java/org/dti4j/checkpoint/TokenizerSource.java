package org.dti4j.checkpoint;

import java.nio.file.Path;
import org.dti4j.prompt.GgufTokenizerData;

/** Where the tokenizer of a checkpoint comes from. */
public sealed interface TokenizerSource {
    /** What to say of it in a line. */
    String summary();

    /** A {@code tokenizer.json} beside the weights. */
    record HuggingFace(Path file) implements TokenizerSource {
        @Override
        public String summary() {
            return file.getFileName().toString();
        }
    }

    /** The tokenizer in the metadata of a GGUF file. */
    record Gguf(GgufTokenizerData data) implements TokenizerSource {
        @Override
        public String summary() {
            return "%s (%s), %d tokens, %d merges"
                    .formatted(
                            data.model(),
                            data.pre(),
                            data.tokens().size(),
                            data.merges().size());
        }
    }

    /** None. */
    record Missing(String expected) implements TokenizerSource {
        @Override
        public String summary() {
            return "none, expected " + expected;
        }
    }
}

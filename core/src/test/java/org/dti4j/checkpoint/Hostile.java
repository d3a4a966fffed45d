package org.dti4j.checkpoint;

import java.nio.charset.StandardCharsets;

/**
 * A malformed file.
 *
 * @param what is wrong with it
 * @param format what it pretends to be
 * @param content all of it
 * @param expected regular expression that the one message must contain
 */
@SuppressWarnings("ArrayRecordComponent")
record Hostile(String what, Format format, byte[] content, String expected) {
    enum Format {
        SAFETENSORS,
        GGUF,
        CONFIG,
        INDEX,
        ADAPTER,
        TOKENIZER
    }

    static Hostile text(String what, Format format, String content, String expected) {
        return new Hostile(what, format, content.getBytes(StandardCharsets.UTF_8), expected);
    }

    @Override
    public String toString() {
        return format + ": " + what;
    }
}

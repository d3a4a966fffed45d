package org.dti4j.prompt;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.dti4j.problem.UserException;

/**
 * A Hugging Face tokenizer, run by the same Rust library that runs it in Python. Adds no special tokens by itself, does
 * not truncate and does not pad, whatever its file says.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    private static final String FILE = "tokenizer.json";

    private final TokenizersLibrary library = TokenizerNatives.library();
    private final TokenizerVocabulary vocabulary;
    private final int[] beginning;
    private long handle;

    private HuggingFaceTokenizer(String where, String json) {
        vocabulary = TokenizerVocabulary.parse(where, json);
        handle = create(where, json);
        library.disableTruncation(handle);
        library.disablePadding(handle);
        beginning = findBeginning();
    }

    /**
     * Opens a tokenizer.
     *
     * @param path a {@code tokenizer.json}, or the folder of one
     * @throws UserException when there is none or it cannot be read as one
     */
    public static HuggingFaceTokenizer open(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        if (!Files.isRegularFile(file)) {
            throw new UserException("%s: no such file; a checkpoint's folder must hold its %s".formatted(file, FILE));
        }
        try {
            return new HuggingFaceTokenizer(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UserException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    /**
     * Makes a tokenizer from the content of a {@code tokenizer.json}.
     *
     * @param where what to call the source in error messages
     * @throws UserException when the text is not a tokenizer
     */
    public static HuggingFaceTokenizer parse(String where, String json) {
        return new HuggingFaceTokenizer(where, json);
    }

    @SuppressWarnings("IllegalCatch") // what the native side throws is a plain RuntimeException
    private long create(String where, String json) {
        try {
            return library.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new UserException("%s: not a tokenizer: %s".formatted(where, e.getMessage()), e);
        }
    }

    /** The tokens that the file's post-processor puts before a text; what it puts behind one (EOS) is not wanted. */
    private int[] findBeginning() {
        int[] plain = encode("a", false);
        int[] whole = encode("a", true);
        for (int start = 0; start + plain.length <= whole.length; start++) {
            if (Arrays.equals(whole, start, start + plain.length, plain, 0, plain.length)) {
                return Arrays.copyOf(whole, start);
            }
        }
        return new int[0];
    }

    @Override
    public int[] encode(String text) {
        return encode(text, false);
    }

    private int[] encode(String text, boolean addSpecialTokens) {
        long encoding = library.encode(handle(), text, addSpecialTokens);
        try {
            return Arrays.stream(library.getTokenIds(encoding))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public String decode(int[] ids) {
        return library.decode(handle(), Arrays.stream(ids).asLongStream().toArray(), false);
    }

    @Override
    public int[] beginning() {
        return beginning.clone();
    }

    @Override
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public String token(int id) {
        return vocabulary.token(id);
    }

    @Override
    public List<String> addedTokens() {
        return vocabulary.added();
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    private long handle() {
        if (handle == 0) {
            throw new IllegalStateException("the tokenizer is closed");
        }
        return handle;
    }

    @Override
    public void close() {
        if (handle != 0) {
            library.deleteTokenizer(handle);
            handle = 0;
        }
    }
}

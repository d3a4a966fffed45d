package org.dti4j.prompt;

import java.util.List;
import java.util.OptionalInt;

/** Text to token ids and back, as the checkpoint's own tokenizer does it. Safe for use by several threads. */
public interface Tokenizer extends AutoCloseable {
    /** Token ids of {@code text}, without any token that the tokenizer would add by itself (BOS, EOS). */
    int[] encode(String text);

    String decode(int[] ids);

    /** Ids that the checkpoint expects before any text: BOS, or nothing. */
    int[] beginning();

    /** The id of a token by its exact spelling in the vocabulary. */
    OptionalInt id(String token);

    /** The spelling of a token in the vocabulary. */
    String token(int id);

    /** Tokens that are special or were added to the vocabulary after its training, in the order of their ids. */
    List<String> addedTokens();

    /** Number of ids, added tokens included. */
    int size();

    @Override
    void close();
}

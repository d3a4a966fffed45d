package org.dti4j.method;

/** What a token of a prompt is. Item and feedback tokens together are the stream. */
public enum TokenKind {
    PREFIX,
    ITEM,
    FEEDBACK,
    SUM
}

package org.dti4j.method;

import java.util.Arrays;
import java.util.List;
import org.dti4j.prompt.Prompt;

/** Fills the arrays of a {@link Layout}, prompt by prompt. */
final class LayoutBuilder {
    final Method method;
    final int prefixRows;
    final int streamRows;
    final int[] ids;
    final TokenKind[] kinds;
    final int[] prompts;
    final int[] interactions;
    final int[] positions;
    final int[] orders;
    final int[] sees;
    final int[] seesEnd;
    final int[] sumRows;
    final boolean[] labels;

    private final List<Prompt> source;
    private final int sumId;
    private int stream; // stream rows filled
    private int target; // targets filled
    private int position; // of the current prompt
    private int order; // of the current prompt
    private int prompt = -1;

    LayoutBuilder(List<Prompt> source, Method method, int sumId) {
        if (source.isEmpty()) {
            throw new IllegalArgumentException("a layout needs at least one prompt");
        }
        int[] prefix = source.get(0).prefix();
        int targets = 0;
        int tokens = 0;
        for (Prompt each : source) {
            if (!Arrays.equals(each.prefix(), prefix)) {
                throw new IllegalArgumentException("prompts of one layout must share one prefix");
            }
            targets += each.targets();
            tokens += each.tokens() - prefix.length;
        }
        this.source = source;
        this.method = method;
        this.sumId = sumId;
        prefixRows = prefix.length;
        streamRows = method.sumHidden() ? tokens - targets : tokens;
        int rows = prefixRows + tokens;
        ids = new int[rows];
        kinds = new TokenKind[rows];
        prompts = new int[rows];
        interactions = new int[rows];
        positions = new int[rows];
        orders = new int[rows];
        sees = new int[rows];
        seesEnd = new int[rows];
        sumRows = new int[targets];
        labels = new boolean[targets];
    }

    Layout build() {
        int[] prefix = source.get(0).prefix();
        for (int row = 0; row < prefixRows; row++) {
            put(row, prefix[row], TokenKind.PREFIX, -1, row);
            orders[row] = row;
        }
        for (prompt = 0; prompt < source.size(); prompt++) {
            write(source.get(prompt));
        }
        return new Layout(this);
    }

    private void write(Prompt each) {
        position = prefixRows;
        order = prefixRows;
        int promptStart = stream;
        int[] starts = new int[each.interactions()];
        for (int a = 0; a < each.interactions(); a++) {
            starts[a] = stream;
            int windowStart = method.windowed() ? starts[Math.max(0, a - method.context())] : promptStart;
            int ownStart = method.isolatedItems() ? stream : windowStart;
            writeSegment(each.item(a), TokenKind.ITEM, a, ownStart, promptStart);
            if (a >= each.firstTarget()) {
                writeSum(a, windowStart, promptStart);
                labels[target++] = each.label(a);
            }
            if (a < each.interactions() - 1) {
                writeSegment(each.feedback(a), TokenKind.FEEDBACK, a, ownStart, promptStart);
            }
        }
    }

    private void writeSegment(int[] segment, TokenKind kind, int interaction, int from, int promptStart) {
        for (int id : segment) {
            int row = prefixRows + stream;
            put(row, id, kind, interaction, position);
            sees[row] = Math.max(from, tokenWindowStart(promptStart));
            seesEnd[row] = ++stream;
            position++;
            orders[row] = order++;
        }
    }

    private void writeSum(int interaction, int from, int promptStart) {
        int row = method.sumHidden() ? prefixRows + streamRows + target : prefixRows + stream;
        put(row, sumId, TokenKind.SUM, interaction, position);
        sees[row] = Math.max(from, tokenWindowStart(promptStart));
        seesEnd[row] = method.sumHidden() ? stream : ++stream;
        orders[row] = order++;
        sumRows[target] = row;
        if (method.sumConsumesPosition()) {
            position++;
        }
    }

    /** The first stream row of the current prompt that a fixed token window around the current position reaches. */
    private int tokenWindowStart(int promptStart) {
        if (!method.windowed() || method.windowTokens() == 0) {
            return promptStart;
        }
        int row = stream;
        while (row > promptStart && position - positions[prefixRows + row - 1] <= method.windowTokens()) {
            row--;
        }
        return row;
    }

    private void put(int row, int id, TokenKind kind, int interaction, int at) {
        ids[row] = id;
        kinds[row] = kind;
        prompts[row] = prompt;
        interactions[row] = interaction;
        positions[row] = at;
    }
}

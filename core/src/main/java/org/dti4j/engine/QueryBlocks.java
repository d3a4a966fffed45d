package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;

/**
 * Queries in blocks: from [rows, H, E] to [KV · B, G · M, E], so that the G heads that share keys stand together.
 *
 * @param blocks B
 * @param size M
 */
record QueryBlocks(LlamaConfig config, int blocks, int size) {
    /** Rows in their order, the last block filled with zeros. */
    Tensor ofRows(Tensor rows) {
        Tensor all = rows.new_empty(
                (long) config.keyValueHeads() * blocks, (long) config.groupSize() * size, config.headWidth());
        Tensor byBlock = byBlock(all);
        long full = rows.size(0) / size;
        long rest = rows.size(0) - full * size;
        if (full > 0) {
            byBlock.narrow(0, 0, full).copy_(grouped(rows.narrow(0, 0, full * size), full, size));
        }
        if (full < blocks) {
            byBlock.narrow(0, full, blocks - full).zero_();
        }
        if (rest > 0) {
            byBlock.narrow(0, full, 1).narrow(1, 0, rest).copy_(grouped(rows.narrow(0, full * size, rest), 1, rest));
        }
        return all;
    }

    /** Rows at given places of the B · M. */
    Tensor ofPlaces(Tensor rows, Tensor places) {
        Tensor padded = rows.new_zeros((long) blocks * size, rows.size(1), rows.size(2));
        return ofRows(padded.index_copy_(0, places, rows));
    }

    /** Back to rows, [B · M, H, E]. */
    Tensor toRows(Tensor all) {
        return byBlock(all).reshape((long) blocks * size, config.heads(), config.headWidth());
    }

    /** [KV · B, G · M, E] seen as [B, M, KV, G, E]. */
    private Tensor byBlock(Tensor all) {
        return all.view(config.keyValueHeads(), blocks, config.groupSize(), size, config.headWidth())
                .permute(1, 3, 0, 2, 4);
    }

    private Tensor grouped(Tensor rows, long count, long length) {
        return rows.view(count, length, config.keyValueHeads(), config.groupSize(), config.headWidth());
    }
}

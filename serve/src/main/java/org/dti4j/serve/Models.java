package org.dti4j.serve;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.dti4j.run.CacheUse;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.ItemUse;

/** The model that answers, which can be exchanged while it does: whoever uses it holds it until done. */
final class Models implements AutoCloseable {
    private final Supplier<ClickScorer> opener;
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
    private ClickScorer scorer;
    private long loads = 1;

    /** @param opener opens the run folder as it is now */
    Models(Supplier<ClickScorer> opener) {
        this.opener = opener;
        scorer = opener.get();
    }

    <T> T with(Function<ClickScorer, T> use) {
        lock.readLock().lock();
        try {
            return use.apply(scorer);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Opens the run again and answers with it from then on; if that fails, the old model stays. One at a time. */
    synchronized long reload() {
        ClickScorer young = opener.get();
        ClickScorer old = exchange(young);
        old.close();
        return loads;
    }

    private ClickScorer exchange(ClickScorer young) {
        lock.writeLock().lock();
        try {
            ClickScorer old = scorer;
            scorer = young;
            loads++;
            return old;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** What its cache of histories did. */
    CacheUse cacheUse() {
        return with(ClickScorer::cacheUse);
    }

    /** What became of the tokens of items that users share. */
    ItemUse itemUse() {
        return with(ClickScorer::itemUse);
    }

    @Override
    public synchronized void close() {
        scorer.close();
    }
}

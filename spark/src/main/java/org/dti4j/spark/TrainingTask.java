package org.dti4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.dti4j.data.PreparedData;
import org.dti4j.data.PreparedFolder;
import org.dti4j.distribute.Collective;
import org.dti4j.distribute.Peers;
import org.dti4j.distribute.Rendezvous;
import org.dti4j.progress.Progress;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFingerprint;
import org.dti4j.run.TrainingJob;
import org.dti4j.train.Position;
import org.dti4j.train.StepReport;
import org.dti4j.train.TrainListener;
import scala.runtime.AbstractFunction1;
import tools.jackson.databind.json.JsonMapper;

/**
 * One slot's part of a training: it meets the others through the barrier, trains, and, if it is the first, keeps the run folder.
 */
final class TrainingTask extends AbstractFunction1<scala.collection.Iterator<Integer>, scala.collection.Iterator<Long>>
        implements Serializable {
    private static final long serialVersionUID = 1;

    private final String config;
    private final String prepared;
    private final String out;
    private final Collective collective;
    private final LongAccumulator targets;
    private final DoubleAccumulator loss;

    /**
     * A part for any slot.
     *
     * @param config as JSON
     * @param prepared the prepared folder, on any file system of Hadoop's
     * @param out the run folder, on any file system of Hadoop's
     */
    TrainingTask(
            String config,
            String prepared,
            String out,
            Collective collective,
            LongAccumulator targets,
            DoubleAccumulator loss) {
        this.config = config;
        this.prepared = prepared;
        this.out = out;
        this.collective = collective;
        this.targets = targets;
        this.loss = loss;
    }

    @Override
    public scala.collection.Iterator<Long> apply(scala.collection.Iterator<Integer> slot) {
        try (LocalFolder scratch = LocalFolder.temporary()) {
            Iterator<Long> result =
                    List.of(train(scratch.path().resolve("run"))).iterator();
            return scala.jdk.javaapi.CollectionConverters.asScala(result);
        }
    }

    private long train(Path run) {
        RunConfig own = JsonMapper.shared().readValue(config, RunConfig.class).withOut(run);
        PreparedData data = data();
        try (Peers peers = collective.over(meet(RunFingerprint.of(own, data)))) {
            return peers.first() ? lead(own, data, peers) : follow(own, data, peers);
        }
    }

    /** In memory as a whole, so a copy of the files is needed no longer than this. */
    private PreparedData data() {
        try (LocalFolder folder = LocalFolder.of(prepared)) {
            return PreparedFolder.open(folder.path(), Progress.SILENT);
        }
    }

    /** Rank 0 opens a free port of its own address and tells all, each time that the stage is tried. */
    private static Peers meet(String fingerprint) {
        BarrierTaskContext context = BarrierTaskContext.get();
        int rank = context.partitionId();
        int size = context.numPartitions();
        String host = context.getTaskInfos()[rank].address().split(":", 2)[0];
        Rendezvous first = Rendezvous.at(rank, size, host, 0);
        if (rank > 0 || size == 1) {
            String[] said = context.allGather("");
            return size == 1
                    ? Peers.ALONE
                    : Rendezvous.at(
                                    rank,
                                    size,
                                    context.getTaskInfos()[0].address().split(":", 2)[0],
                                    Integer.parseInt(said[0]))
                            .meet(fingerprint, System::nanoTime, context::isInterrupted);
        }
        try (ServerSocket listening = first.listen()) {
            context.allGather(Integer.toString(listening.getLocalPort()));
            return first.gather(listening, fingerprint, System::nanoTime, context::isInterrupted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long lead(RunConfig own, PreparedData data, Peers peers) {
        RemoteRun remote = new RemoteRun(out, own.out());
        remote.fetch();
        BarrierTaskContext context = BarrierTaskContext.get();
        TrainingJob.Outcome outcome = job(own, data, peers)
                .listener(new TrainListener() {
                    private long before = -1;

                    @Override
                    public void onStep(StepReport step) {
                        // what was trained before a resume was counted then
                        targets.add(before < 0 ? own.train().targetsPerStep() : step.targets() - before);
                        before = step.targets();
                        loss.add(step.loss());
                    }

                    @Override
                    public void onSaved(Position position) {
                        remote.publishState();
                    }
                })
                .run(remote.hasState(), context::isInterrupted);
        remote.publish();
        return outcome.training().targets();
    }

    private static long follow(RunConfig own, PreparedData data, Peers peers) {
        BarrierTaskContext context = BarrierTaskContext.get();
        return job(own, data, peers)
                .run(false, context::isInterrupted)
                .training()
                .targets();
    }

    private static TrainingJob job(RunConfig own, PreparedData data, Peers peers) {
        return new TrainingJob(own, data, new ExecutorHost(), Progress.SILENT)
                .peers(peers)
                .device(TaskDevice.of(own.model().device()));
    }
}

package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of MovieLens small, whose counts its README states. */
class MovieLensSmallTest {
    @Test
    void everyRatingUserAndMovieIsThere(@TempDir Path folder) {
        Path source = Path.of(System.getProperty("dti.root"), "data", "ml-latest-small");
        DataConfig config = DataConfig.of(
                        Format.MOVIELENS_CSV, source.resolve("ratings.csv"), source.resolve("movies.csv"))
                .withAllowedBadShare(0.0);
        PreparedData whole = new LogFixture(folder).prepare(config.withMinimumInteractions(1));

        assertThat(whole.users()).isEqualTo(610);
        assertThat(whole.statistics().interactions()).isEqualTo(100_836);
        assertThat(whole.statistics().itemRows().rows()).isEqualTo(9_742);
        // 18 of the movies have no rating
        assertThat(whole.items()).hasSize(9_724);
        assertThat(whole.history(0).user()).isEqualTo("1");
        assertThat(whole.history(609).user()).isEqualTo("610");
        assertThat(whole.history(0).size()).isEqualTo(232);
        assertThat(whole.items().get(0).columns())
                .containsEntry("title", "Toy Story (1995)")
                .containsEntry("genres", "Adventure, Animation, Children, Comedy, Fantasy");

        Statistics pruned = new LogFixture(folder).prepare(config).statistics();
        assertThat(pruned.items()).isEqualTo(3_650);
        assertThat(pruned.interactions()).isEqualTo(90_274);
        assertThat(pruned.pruned().items()).isEqualTo(9_742 - 3_650);
        assertThat(pruned.part(Part.TRAIN).interactions()).isEqualTo(72_219);
        assertThat(pruned.historyLengths().mean()).isEqualTo(90_274 / 610.0);
    }
}

package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;

final class TemplateTest {
    private static String format(String template, Map<String, String> values) {
        return Template.parse("prompt.item", template).format(values);
    }

    @Test
    void columnsAreFilledIn() {
        assertThat(format("\n{title} by { brand }", Map.of("title", "Tea", "brand", "Ahmad", "price", "3")))
                .isEqualTo("\nTea by Ahmad");
    }

    @Test
    void listsAreShownWithCommas() {
        assertThat(format("{title} ({genres})", Map.of("title", "Toy Story (1995)", "genres", "Adventure|Animation")))
                .isEqualTo("Toy Story (1995) (Adventure, Animation)");
    }

    @Test
    void bracketsAroundNothingButEmptyColumnsAreLeftOut() {
        Map<String, String> values = Map.of("title", "f() and ()", "genres", "", "brand", " ");
        assertThat(format("{title} ({genres}) [{brand}]!", values)).isEqualTo("f() and ()!");
        assertThat(format("{genres}{title}", values)).isEqualTo("f() and ()");
    }

    @Test
    void doubledBracesAreBraces() {
        assertThat(format("{{{title}}}", Map.of("title", "Tea"))).isEqualTo("{Tea}");
    }

    @Test
    void valuesAreNeverReadAsTemplates() {
        assertThat(format("{title}", Map.of("title", "{genres} $1 \\"))).isEqualTo("{genres} $1 \\");
    }

    @Test
    void unknownColumnsAreNamedBesideThoseThatExist() {
        Template template = Template.parse("prompt.item", "{titel} ({genres}) {year}");
        assertThatThrownBy(() -> template.check(List.of("title", "genres")))
                .isInstanceOf(UserException.class)
                .hasMessage("prompt.item: no column titel, year; there are: genres, title");
        assertThatThrownBy(() -> template.format(Map.of("title", "Tea", "genres", "")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("titel");
    }

    @Test
    void bracesWithoutPartnersAreErrors() {
        for (String wrong : List.of("{title", "title}", "{title} {}", "{")) {
            assertThatThrownBy(() -> Template.parse("prompt.item", wrong))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("prompt.item: \"" + wrong + "\"");
        }
    }
}

package org.dti4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.Kept;
import org.dti4j.run.TinyRun;
import org.dti4j.score.Interaction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The page in a browser that is installed: the file that the property {@code dti.chromium} names, or Chromium or Chrome at their usual places.
 * With {@code dti.screenshots}, a folder, pictures are left there.
 */
final class PageTest {
    @TempDir
    private static Path run;

    private static ClickScorer scorer;
    private static ScoringServer server;
    private static Playwright playwright;
    private static Browser browser;

    @BeforeAll
    static void open() {
        Optional<Path> chromium = Stream.of(
                        System.getProperty("dti.chromium", ""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome",
                        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                chromium.isPresent(), "the page is tested in Chromium, which is not installed (-Ddti.chromium=FILE)");
        TinyRun.train(run);
        scorer = ClickScorer.load(run, System::nanoTime);
        server = ScoringServer.start(
                ServeConfig.defaults().withListening(new Listening("127.0.0.1", 0, null, false, null)),
                () -> ClickScorer.load(run, System::nanoTime, Kept.histories(1 << 20)));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
            server.close();
            scorer.close();
        }
    }

    private static Page page(int width, ColorScheme scheme) {
        Page page = browser.newPage(
                new Browser.NewPageOptions().setViewportSize(width, 900).setColorScheme(scheme));
        page.setDefaultTimeout(10_000);
        page.navigate("http://127.0.0.1:%d/".formatted(server.port()));
        page.locator("#items li").first().waitFor();
        return page;
    }

    private static String title(int item) {
        return scorer.items().get(item).columns().getOrDefault("title", "");
    }

    private static void picture(Page page, String name) {
        String folder = System.getProperty("dti.screenshots", "");
        if (!folder.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of(folder, name + ".png")));
        }
    }

    /** Finds an item and presses one of its buttons, by keys alone. */
    private static void choose(Page page, String word, String item, int button) {
        page.locator("#search").focus();
        page.keyboard().press("ControlOrMeta+a");
        page.keyboard().type(word);
        page.waitForCondition(() -> page.locator("#items li").count() > 0
                && page.locator("#items .title").first().innerText().contains(item));
        for (int i = 0; i <= button; i++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().press("Enter");
    }

    private static double percent(Locator candidate) {
        String text = candidate.locator(".probability").innerText();
        return Double.parseDouble(text.replace("%", "").replace(" ", "").strip());
    }

    /** The change beside a candidate, with its sign. */
    private static double points(Locator candidate) {
        String text = candidate.locator(".change").innerText();
        return Double.parseDouble(text.replace("points", "").replace("−", "-").strip());
    }

    @Test
    void theKeyboardAloneBuildsAHistoryRanksCandidatesAndShowsWhatAnInteractionWasWorth() {
        Page page = page(1200, ColorScheme.LIGHT);
        choose(page, title(1), title(1), 0);
        choose(page, title(2), title(2), 1);
        for (int candidate : new int[] {5, 6, 7}) {
            choose(page, title(candidate), title(candidate), 2);
        }
        Locator ranked = page.locator("#candidates > li");
        page.waitForCondition(() -> page.locator("#candidates .probability").count() == 3);
        double[] expected = scorer.score(
                List.of(new Interaction("i1", true), new Interaction("i2", false)), List.of("i5", "i6", "i7"));
        double[] shown = {percent(ranked.nth(0)), percent(ranked.nth(1)), percent(ranked.nth(2))};
        assertThat(shown).isSortedAccordingTo((one, other) -> Double.compare(other, one));
        for (int i = 0; i < 3; i++) {
            Locator row = ranked.filter(new Locator.FilterOptions().setHasText(title(5 + i)));
            assertThat(percent(row)).isEqualTo(100 * expected[i], within(0.051));
        }
        assertThat(page.locator("#latency").innerText()).contains("ms");
        picture(page, "wide-light");

        Locator worth = page.locator("#history button").first();
        worth.focus();
        page.waitForCondition(() -> page.locator("#candidates .change").count() == 3);
        double[] withoutFirst = scorer.score(List.of(new Interaction("i2", false)), List.of("i5", "i6", "i7"));
        for (int i = 0; i < 3; i++) {
            Locator row = ranked.filter(new Locator.FilterOptions().setHasText(title(5 + i)));
            assertThat(points(row)).isEqualTo(100 * (expected[i] - withoutFirst[i]), within(0.051));
            assertThat(percent(row)).as("the score itself stays").isEqualTo(100 * expected[i], within(0.051));
        }
        assertThat(page.locator("#latency").innerText()).startsWith("Points are what " + title(1) + " is worth");
        assertThat(page.locator("#history > li").count())
                .as("nothing is removed")
                .isEqualTo(2);
        picture(page, "wide-light-worth");
        page.keyboard().press("Tab");
        page.waitForCondition(() -> page.locator("#candidates .change").count() == 0);

        Locator remove = page.locator("#history button").nth(1);
        remove.focus();
        page.keyboard().press("Enter");
        page.waitForCondition(() -> page.locator("#candidates .change").count() == 3);
        assertThat(page.locator("#history > li").count()).isEqualTo(1);
        double[] without = scorer.score(List.of(new Interaction("i2", false)), List.of("i5"));
        Locator row = ranked.filter(new Locator.FilterOptions().setHasText(title(5)));
        page.waitForCondition(() -> Math.abs(percent(row) - 100 * without[0]) < 0.051);
        double change = 100 * (without[0] - expected[0]);
        assertThat(row.locator(".change").innerText())
                .startsWith(change < 0 ? "−" : "+")
                .contains("points");
        assertThat(page.locator("#latency").innerText()).contains("without " + title(1));
        assertThat(page.evaluate("document.activeElement.getAttribute('aria-label')"))
                .as("the focus stays in the history")
                .isEqualTo("Remove from the history: " + title(2));
        picture(page, "wide-light-removed");
        page.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void atPhoneWidthNothingIsCutOffAndEverythingCanBeRead(ColorScheme scheme) {
        Page page = page(360, scheme);
        choose(page, title(1), title(1), 0);
        choose(page, title(9), title(9), 2);
        page.waitForCondition(() -> page.locator("#candidates .probability").count() == 1);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        assertThat(((Number) page.evaluate(CONTRAST)).doubleValue())
                .as("contrast of the faintest text")
                .isGreaterThanOrEqualTo(4.5);
        String back = (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
        assertThat(back).isEqualTo(scheme == ColorScheme.DARK ? "rgb(22, 23, 26)" : "rgb(251, 250, 248)");
        page.locator("#history button").first().click();
        page.waitForCondition(() -> page.locator("#candidates .change").count() == 1);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        picture(page, "phone-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
        page.close();
    }

    /** Least contrast (WCAG) of an element's own text with the background that it stands on. */
    private static final String CONTRAST = """
            (() => {
              const channels = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = colour => channels(colour).slice(0, 3).map(c => c / 255)
                .map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
              const behind = element => {
                const colour = getComputedStyle(element).backgroundColor;
                return (channels(colour)[3] ?? 1) > 0 || !element.parentElement ? colour : behind(element.parentElement);
              };
              return Math.min(...[...document.querySelectorAll('body *')]
                .filter(each => each.checkVisibility() && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
                .map(each => [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a))
                .map(([more, less]) => (more + .05) / (less + .05)));
            })()""";

    @Test
    void aMistakeIsToldAndAnEmptySearchSaysSo() {
        Page page = page(1200, ColorScheme.DARK);
        page.locator("#search").fill("nothing has this name");
        page.waitForCondition(() -> page.locator("#found").innerText().equals("0 items"));
        page.route("**/v1/items*", route -> route.abort());
        page.locator("#search").fill("x");
        page.waitForCondition(() -> page.locator("#problem").isVisible());
        assertThat(page.locator("#problem").innerText()).isEqualTo("The server cannot be reached.");
        picture(page, "wide-dark-problem");
        page.close();
    }
}

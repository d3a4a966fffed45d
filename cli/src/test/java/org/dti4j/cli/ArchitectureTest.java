package org.dti4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.dti4j.cli.terminal.Console;

/** Which way the arrows between the parts of the command line may point. */
@AnalyzeClasses(packages = "org.dti4j.cli", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("org.dti4j.(cli.*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule CONFIGURATION_TERMINAL_AND_REPORT_KNOW_NO_VERBS = noClasses()
            .that()
            .resideInAnyPackage("org.dti4j.cli.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dti4j.cli");

    @ArchTest
    static final ArchRule ONLY_THE_CONFIGURATION_READS_YAML = noClasses()
            .that()
            .resideOutsideOfPackage("org.dti4j.cli.config")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.snakeyaml..");

    @ArchTest
    static final ArchRule ONLY_VERBS_KNOW_THE_COMMAND_LINE_PARSER = noClasses()
            .that()
            .resideInAPackage("org.dti4j.cli.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule ONLY_MAIN_EXITS = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Main.class.getName())
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule ALL_OUTPUT_GOES_THROUGH_THE_CONSOLE = noClasses()
            .that()
            .areNotAssignableTo(Console.class)
            .and()
            .areNotAssignableTo(Main.class)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule TENSORS_STAY_IN_CORE =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..");
}

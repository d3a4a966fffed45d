package org.dti4j.serve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the server may know. */
@AnalyzeClasses(packages = "org.dti4j.serve", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule TENSORS_STAY_IN_CORE =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule THE_SERVER_KNOWS_SCORING_ALONE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.dti4j.cli..", "org.dti4j.train..", "org.dti4j.engine..", "org.dti4j.model..");

    @ArchTest
    static final ArchRule IT_NEITHER_PRINTS_NOR_EXITS_NOR_READS_THE_ENVIRONMENT = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(System.class, "getenv", String.class);
}

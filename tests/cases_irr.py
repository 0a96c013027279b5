"""Worked internal rates of return from public sources: flows, the printed rate and its tolerance."""

# (name, source), flows, rate as printed, tolerance of the print
DATED = [
    (
        (
            "ms-kb116041-1992: Microsoft KB Q116041 (Excel XIRR help example), "
            "https://library.thedatadungeon.com/msdn-2000-04/kboffice/Source/excel/q116041.content.htm"
        ),
        "1992-01-01 -10000; 1992-03-01 2750; 1992-10-30 4250; 1993-02-15 3250; 1993-04-01 2750",
        0.373363,
        1e-06,
    ),
    (
        (
            "ms-help-2008: Microsoft Support, XIRR function example (0.373362535 or 37.34%); same flows "
            "extended in PhpSpreadsheet XIRR.php calc #6"
        ),
        "2008-01-01 -10000; 2008-03-01 2750; 2008-10-30 4250; 2009-02-15 3250; 2009-04-01 2750",
        0.373362535,
        1e-08,
    ),
    (
        (
            "mathworks-act_365F: Anexen/pyxirr@5f31a85 tests/test_scheduled.rs "
            "(https://www.mathworks.com/help/finance/xirr.html)"
        ),
        "2007-01-12 -10000; 2008-02-14 2500; 2008-03-03 2000; 2008-06-14 3000; 2008-12-01 4000",
        0.10064378342638,
        1e-09,
    ),
    (
        "pyxirr-unordered: Anexen/pyxirr@5f31a85 tests/samples/unordered.csv",
        "2015-06-11 -1000; 2015-07-21 -9000; 2018-06-10 20000; 2015-10-17 -3000",
        0.16353715844,
        1e-06,
    ),
    (
        "pyxirr-zeros: Anexen/pyxirr@5f31a85 tests/samples/zeros.csv",
        (
            "2021-12-31 0; 2022-12-31 0; 2023-12-31 -100; 2024-12-31 10; 2025-12-31 0; 2026-12-31 10; "
            "2027-12-31 10; 2028-12-31 10; 2029-12-31 200; 2030-12-31 0; 2031-12-31 0; 2032-12-31 0; "
            "2033-12-31 0"
        ),
        0.175680730580782,
        1e-06,
    ),
    (
        (
            "php-dates-can-be-in-any-order-after-all: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2019-06-27 1893.67; 2019-06-20 139947.43; 2019-06-21 52573.25; 2019-06-24 48849.74; "
            "2019-06-27 26369.16; 2019-07-27 -273029.18"
        ),
        0.137963527441025,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-0-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2015-04-01 4000; 2019-06-27 -46000",
        0.77868869226873,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-1-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2019-06-20 139947.43; 2019-06-27 1893.67; 2019-06-21 52573.25; 2019-06-24 48849.74; "
            "2019-06-27 26369.16; 2019-07-27 -273029.18"
        ),
        0.137963527441025,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-2-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2019-06-12 100; 2020-06-11 -110",
        0.09999999,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-3-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2019-06-27 1; 2019-06-27 1893.67; 2019-06-21 52573.25; 2019-06-24 48849.74; 2019-06-27 "
            "26369.16; 2019-07-27 -273029.18"
        ),
        3235.159644,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-4-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2019-06-20 1893.67; 2019-06-27 139947.43; 2019-06-21 52573.25; 2019-06-24 48849.74; "
            "2019-06-27 26369.16; 2019-07-27 -273029.18"
        ),
        0.15467888,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-5-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-01 -100; 2010-04-01 20; 2010-10-01 40; 2011-02-01 25",
        -0.197387315,
        2e-06,
    ),
    (
        (
            "php-xirr-calculation-6-is-incorrect: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2008-01-01 -10000; 2008-03-01 2750; 2008-10-30 4250; 2009-02-15 3250; 2009-04-01 2750; "
            "2009-06-01 46000"
        ),
        3.434984565,
        2e-06,
    ),
    (
        (
            "php-substitute-for-guess-0: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2019-06-20 139947.43; 2019-06-27 1893.67; 2019-06-21 52573.25; 2019-06-24 48849.74; "
            "2019-06-27 26369.16; 2019-07-27 -273029.18"
        ),
        0.13796353,
        2e-06,
    ),
    (
        (
            "php-decampo-one-year-no-growth: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-01 -1000; 2011-01-01 1000",
        0.0,
        2e-06,
    ),
    (
        (
            "php-decampo-one-year-growth: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-01 -1000; 2011-01-01 1100",
        0.1,
        2e-06,
    ),
    (
        (
            "php-decampo-one-year-decline: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-01 -1000; 2011-01-01 900",
        -0.1,
        2e-06,
    ),
    (
        (
            "php-decampo-vs-spreadsheet: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-01 -1000; 2010-04-01 -1000; 2010-07-01 -1000; 2010-10-01 -1000; 2011-01-01 4300",
        0.1212676,
        2e-06,
    ),
    (
        (
            "php-decampo-vs-spreadsheet-reordered: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-10-01 -1000; 2011-01-01 4300; 2010-07-01 -1000; 2010-01-01 -1000; 2010-04-01 -1000",
        0.1212676,
        2e-06,
    ),
    (
        (
            "php-decampo-over-100-growth: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-01 -1000; 2011-01-01 3000",
        2.0,
        2e-06,
    ),
    (
        (
            "php-decampo-readme-example: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2016-01-15 -1000; 2016-02-08 -2500; 2016-04-17 -1000; 2016-08-24 5050",
        0.2504234710540838,
        2e-06,
    ),
    (
        (
            "php-decampo-from-nodejs: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        (
            "2000-05-24 -10000; 2000-06-05 3027.25; 2001-04-09 630.68; 2004-02-24 2018.2; 2005-03-18 "
            "1513.62; 2006-02-15 1765.89; 2007-01-10 4036.33; 2007-11-14 4036.33; 2008-12-17 1513.62; "
            "2010-01-15 1513.62; 2011-01-14 2018.16; 2012-02-03 1513.62; 2013-01-18 1009.08; 2014-01-24 "
            "1513.62; 2015-01-30 1513.62; 2016-01-22 1765.89; 2017-01-20 1765.89; 2017-06-05 22421.55"
        ),
        0.2126861,
        2e-06,
    ),
    (
        "java-issue23-a: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java",
        "2010-01-01 -2000; 2012-01-01 2508.8",
        0.12,
        1e-06,
    ),
    (
        "java-issue23-b: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java",
        "2010-01-01 -1000; 2011-01-01 -1120; 2012-01-01 2508.8",
        0.12,
        1e-06,
    ),
    (
        "java-issue23-c: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java",
        "2010-01-01 -2000; 2013-01-01 2508.8",
        0.0784054,
        1e-05,
    ),
    (
        "java-issue23-d: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java",
        "2010-01-01 -1000; 2011-01-01 -1120; 2013-01-01 2508.8",
        0.07017195,
        1e-06,
    ),
    (
        "tarioch-0: tarioch/xirr@31ec92d tests/test_math.py",
        "2019-12-31 -80005.8; 2020-03-12 65209.6",
        -0.6454,
        6e-05,
    ),
    (
        "tarioch-1: tarioch/xirr@31ec92d tests/test_math.py",
        "2019-12-31 -100082.76; 2020-03-05 82671.24",
        -0.6581,
        6e-05,
    ),
    (
        "tarioch-2: tarioch/xirr@31ec92d tests/test_math.py",
        "2019-12-31 -100; 2020-03-05 100",
        0.0,
        6e-05,
    ),
    (
        "tarioch-3: tarioch/xirr@31ec92d tests/test_math.py",
        "2018-05-09 -200; 2018-06-09 30; 2018-11-09 50; 2018-12-09 20",
        -0.8037,
        6e-05,
    ),
    (
        "tarioch-4: tarioch/xirr@31ec92d tests/test_math.py",
        "2011-07-01 -10000; 2014-07-01 1",
        -0.9535,
        6e-05,
    ),
    (
        "tarioch-5: tarioch/xirr@31ec92d tests/test_math.py",
        "2011-07-01 10000; 2014-07-01 -1",
        -0.9535,
        6e-05,
    ),
    (
        "tarioch-6: tarioch/xirr@31ec92d tests/test_math.py",
        "2019-01-01 -1; 2020-01-01 1; 2020-01-01 0.1",
        0.1,
        6e-05,
    ),
    (
        "pgfin-1month: intgr/pg_financial@034a976 test/expected/xirr.out",
        "2013-01-01 -100; 2013-02-01 110",
        2.0716058535,
        1e-08,
    ),
    (
        "pgfin-2844: intgr/pg_financial@034a976 test/expected/xirr.out",
        "2009-01-01 -10000; 2010-01-01 -10000; 2011-01-01 10000; 2012-01-01 10000; 2013-01-01 1000",
        0.023844261812,
        1e-10,
    ),
]

# (name, source), yearly amounts, every rate above -100 %, the printed one, its tolerance
PERIODIC = [
    (
        "multi-2.3: https://www.transtutors.com/questions/...-14030794.htm",
        [-2.3, 9.2, -7.3],
        [0.0911067409, 1.9088932591],
        0.0911,
        0.0001,
    ),
    (
        "poi-5: Apache POI test-data/spreadsheet/IrrNpvTestCaseData.xls (cached Excel value)",
        [-70000, 12000, 15000, 18000, 21000],
        [-0.0212448483],
        -0.021244848273020495,
        1e-10,
    ),
    (
        "poi-6: Apache POI IrrNpvTestCaseData.xls; MS IRR help page (8.7%)",
        [-70000, 12000, 15000, 18000, 21000, 26000],
        [0.086630948],
        0.0866309480363425,
        1e-10,
    ),
    (
        "poi-3: Apache POI IrrNpvTestCaseData.xls",
        [-70000, 12000, 15000],
        [-0.4435069413],
        -0.443506941334654,
        1e-10,
    ),
    (
        ("insead-1: INSEAD GPEI 02/2019-6472 Measuring PE Fund Performance, via pyxirr private_equity.rs"),
        [-12, 0, 0, 40],
        [0.4938015822],
        0.494,
        0.001,
    ),
    (
        "insead-2: INSEAD GPEI, via pyxirr private_equity.rs",
        [-12, -10, -4, 40, 0, 15, 5],
        [0.3243063919],
        0.324,
        0.001,
    ),
    (
        "pyxirr-0: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-100.0, 39, 59, 55, 20],
        [0.2809484212],
        0.28094842116,
        1e-08,
    ),
    (
        "pyxirr-1: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-100, 0, 0, 74],
        [-0.0954958303],
        -0.09549583034,
        1e-08,
    ),
    (
        "pyxirr-2: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-100, 100, 0, -7],
        [-0.6788943736, -0.0832996662],
        -0.08329966618,
        1e-08,
    ),
    (
        "pyxirr-3: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-161445.03, 2113.73, 7626.73, 8619.84, 8612.92],
        [-0.4365813464],
        -0.43658134635,
        1e-08,
    ),
    (
        "pyxirr-4: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-150000, 15000, 25000, 35000, 45000, 60000],
        [0.0524328889],
        0.05243288885,
        1e-08,
    ),
    (
        "pyxirr-5: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-5, 10.5, 1, -8, 1],
        [-0.8702012475, 0.0885983385, 0.7095595277],
        0.08859833852,
        1e-08,
    ),
    (
        "pyxirr-6: Anexen/pyxirr@5f31a85 tests/test_periodic.rs (numpy-financial cases)",
        [-10, 2, 2, 2, 2],
        [-0.0836454175],
        -0.08364541746615073,
        1e-08,
    ),
]

# (name, source), flows, verdict: streams for which the source refuses a rate
REFUSED = [
    (
        (
            "ms-kb116041-no-negative: Microsoft KB Q116041 (Excel XIRR help example), "
            "https://library.thedatadungeon.com/msdn-2000-04/kboffice/Source/excel/q116041.content.htm"
        ),
        "1992-01-01 10000; 1992-03-01 2750; 1992-10-30 4250; 1993-02-15 3250; 1993-04-01 2750",
        "no_sign_change",
    ),
    (
        (
            "php-cash-flows-are-all-negative: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2015-01-04 -4000; 2019-06-27 -46000",
        "no_sign_change",
    ),
    (
        (
            "php-cash-flows-are-all-positive: PHPOffice/PhpSpreadsheet@11645d5 "
            "tests/data/Calculation/Financial/XIRR.php"
        ),
        "2015-01-04 4000; 2019-06-27 46000",
        "no_sign_change",
    ),
    (
        (
            "php-can-t-find-a-result2-that-works-after-financial_max_iteratio: "
            "PHPOffice/PhpSpreadsheet@11645d5 tests/data/Calculation/Financial/XIRR.php"
        ),
        "2010-01-15 -10000; 2010-04-16 10000; 2010-07-16 -10000; 2010-10-15 5",
        "no_root",
    ),
    (
        ("java-invalid-one: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java"),
        "2010-01-01 -1000",
        "too_short",
    ),
    (
        ("java-invalid-empty: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java"),
        "",
        "too_short",
    ),
    (
        (
            "java-invalid-same-day-only: RayDeCampo/java-xirr@9a7bb6d "
            "src/test/java/org/decampo/xirr/XirrTest.java"
        ),
        "2010-01-01 -1000; 2010-01-01 -1000; 2010-01-01 2100",
        "too_short",
    ),
    (
        ("java-invalid-all-neg: RayDeCampo/java-xirr@9a7bb6d src/test/java/org/decampo/xirr/XirrTest.java"),
        "2010-01-01 -1000; 2010-05-01 -1000; 2010-09-01 -2000",
        "no_sign_change",
    ),
    (
        (
            "java-invalid-all-nonneg: RayDeCampo/java-xirr@9a7bb6d "
            "src/test/java/org/decampo/xirr/XirrTest.java"
        ),
        "2010-01-01 1000; 2010-05-01 1000; 2010-09-01 0",
        "no_sign_change",
    ),
]

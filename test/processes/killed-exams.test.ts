import { expect, test } from "vitest";
import { killExams } from "../../bench/exams/kills.ts";

test.each([
  ["rows", false],
  ["a bucket", true],
])(
  "exams in %s whose process is killed in the middle lose nothing, compute nothing twice and leave nothing",
  async (_, bucket) => {
    const kept = { ttlMs: 600_000, deleted: () => true, bucket };
    const report = await killExams({ exams: 3, atOnce: 3, kills: 3, seed: 5, ...kept });
    expect(report).toMatchObject({
      lost: 0,
      doubled: 0,
      computedAgain: 0,
      different: 0,
      untold: 0,
      toldTwice: 0,
      planted: { disk: 0, log: 0, webhooks: 0 },
      leftOver: 0,
      leftInBucket: 0,
    });
  },
);

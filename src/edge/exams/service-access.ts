/**
 * @module
 * What the service opens by itself: exams that are not finished, and addresses of webhooks.
 */
import { type Env, isolateServices } from "../isolate.ts";
import { counterName } from "../uploads/protocol.ts";
import type { Seal } from "../uploads/seal.ts";
import { examSeal, KEY_LABEL, parseBytes, serviceSeal } from "./exam-keys.ts";
import type { ExamStore } from "./exam-store.ts";
import type { OpenedExam } from "./exam-uploads.ts";
import type { ExamPlan, ExamRecord } from "./protocol.ts";

/** The seal of what the object of this name stores for the service. @throws Error without the binding */
export async function sealOfService({ UPLOAD_COUNTER }: Env, object: string): Promise<Seal> {
  if (!UPLOAD_COUNTER) throw new Error("The binding UPLOAD_COUNTER is missing.");
  return serviceSeal(await UPLOAD_COUNTER.getByName(counterName).secret(), object);
}

/** The exam while the service has its key. @throws Error afterwards */
export async function unsealExam(env: Env, store: ExamStore, { object, reference }: ExamRecord): Promise<OpenedExam> {
  const [service, plan] = [store.sealed("service"), store.sealed("plan")];
  const { sessions } = isolateServices(env);
  if (!service || !plan || !sessions) throw new Error("The exam has no key any more, or the deployment no uploads.");
  const seal = await examSeal(await (await sealOfService(env, object)).open(service, KEY_LABEL));
  const { owner, images } = parseBytes<ExamPlan>(await seal.open(plan, "plan"));
  return { reference, object, seal, images, sessions: sessions(owner) };
}

import { expect, it } from "vitest";
import { eventOf } from "../../src/browser/page-studio.ts";
import { ModelFolderError } from "../../src/formats/loaded-model.ts";
import { decodePacket } from "../../studio/attention/packet.ts";
import { BackendError } from "../../studio/backend/backend-error.ts";

it("a model in the page that cannot be opened is told of in both languages", () => {
  const { code, ko, en } = eventOf(new ModelFolderError("config.json: is not JSON"));
  expect({ code, en }).toEqual({ code: "not_opened", en: "config.json: is not JSON" });
  expect(ko).toMatch(/^모델의 파일을 읽지 못했습니다.+config\.json/);
});

it("so is a file of attention that cannot be shown", () => {
  try {
    decodePacket(new TextEncoder().encode("no such file").buffer);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(BackendError);
    const { ko, en } = (error as BackendError).texts;
    expect(en).toMatch(/no JMK1 file/);
    expect(ko).toMatch(/^받은 어텐션 파일이 맞지 않습니다/);
  }
});

import type { Language } from "../explain/wording.ts";

/** What to do about errors of a training, by their name; the program's own words follow. */
const KOREAN: Readonly<Record<string, string>> = {
  CheckpointError: "저장된 상태에서 이어서 학습할 수 없습니다. 새로 시작하세요.",
  DataError: "이 파일로는 학습할 수 없습니다. 파일의 내용과 열 이름을 확인하세요.",
  DeviceError: "이 컴퓨터에는 고른 장치가 없습니다. 다른 --device로 서버를 다시 켜세요.",
  DivergedError: "손실이 숫자가 아니게 되었습니다. 학습률을 낮춰 새로 시작하세요.",
  FolderError: "모델을 저장할 폴더에 쓸 수 없습니다. 폴더의 권한을 확인하세요.",
  RunError: "이 폴더의 학습을 이어서 할 수 없습니다. 데이터 파일을 처음 그대로 두거나 새로 시작하세요.",
};

const BY_CODE: Readonly<Record<string, string>> = {
  EACCES: "파일을 읽거나 쓸 권한이 없습니다. 권한을 확인하세요.",
  ENOENT: "파일이 없습니다. 처음 자리에 두고 다시 시도하세요.",
  ENOSPC: "디스크에 남은 공간이 없습니다. 공간을 비우고 이어서 학습하세요.",
};

const UNFORESEEN = "예상하지 못한 문제로 멈췄습니다.";

/** Why a training failed. */
export function trainingProblem({
  name,
  message,
}: Pick<Error, "name" | "message">): Readonly<Record<Language, string>> {
  // An error of the system loses its code on its way from thread to thread, but begins with it.
  const [code] = /^E[A-Z]+(?=:)/.exec(message) ?? [];
  const known = KOREAN[name] ?? (code === undefined ? undefined : BY_CODE[code]) ?? UNFORESEEN;
  return { en: message, ko: `${known} (${message})` };
}

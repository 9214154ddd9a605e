import { type ComponentType, type TouchEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../app/announcer.tsx";
import { addWords } from "../app/language.ts";
import { select, selection } from "../app/selection.ts";
import { useStore } from "../app/store.ts";
import en from "../locales/en/lessons.json" with { type: "json" };
import ko from "../locales/ko/lessons.json" with { type: "json" };
import { AttentionScreen } from "./attention-screen.tsx";
import { BeamScreen } from "./beam-screen.tsx";
import { BottleneckScreen } from "./bottleneck-screen.tsx";
import { ForcingScreen } from "./forcing-screen.tsx";
import { HeadsScreen } from "./heads-screen.tsx";
import { LESSON_NAMES, type LessonName } from "./lesson-names.ts";
import { LookAheadScreen } from "./look-ahead-screen.tsx";
import { followSelection } from "./own-numbers.ts";
import { PaddingScreen } from "./padding-screen.tsx";
import { PathScreen } from "./path-screen.tsx";
import { PositionScreen } from "./position-screen.tsx";
import { ResidualScreen } from "./residual-screen.tsx";
import { ScalingScreen } from "./scaling-screen.tsx";
import { ScoresScreen } from "./scores-screen.tsx";
import { SelfAttentionScreen } from "./self-attention-screen.tsx";
import { WarmUpScreen } from "./warm-up-screen.tsx";

addWords("lessons", { ko, en });

const SCREENS: Readonly<Record<LessonName, ComponentType>> = {
  bottleneck: BottleneckScreen,
  attention: AttentionScreen,
  scores: ScoresScreen,
  selfAttention: SelfAttentionScreen,
  scaling: ScalingScreen,
  heads: HeadsScreen,
  padding: PaddingScreen,
  lookAhead: LookAheadScreen,
  position: PositionScreen,
  residual: ResidualScreen,
  forcing: ForcingScreen,
  warmUp: WarmUpScreen,
  path: PathScreen,
  beam: BeamScreen,
};

const LAST = LESSON_NAMES.length;
/** How far a finger has to go sideways to turn the page, in pixels. */
const SWIPE = 64;

/** The ideas behind it, a screen each. */
export function LessonsView() {
  const { t } = useTranslation("lessons");
  const { lesson = 1 } = useStore(selection);
  const number = Math.min(lesson, LAST);
  const name = LESSON_NAMES[number - 1];
  const Screen = SCREENS[name];
  const swipe = useSwipe((by) => open(number + by));
  useEffect(followSelection, []);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) announce(`${number}. ${t(`${name}.title`)}`);
    first.current = false;
  }, [name, number, t]);
  return (
    <div className="lessons">
      <nav className="lesson-list" aria-label={t("list")}>
        <ol>
          {LESSON_NAMES.map((each, i) => (
            <li key={each}>
              <a
                href={`#how/${i + 1}`}
                aria-current={i + 1 === number ? "true" : undefined}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  open(i + 1);
                }}
              >
                <span className="num">{i + 1}</span>
                {t(`${each}.title`)}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <article className="card lesson" {...swipe}>
        <header className="lesson-head">
          <h2>
            <span className="num">{number}</span>
            {t(`${name}.title`)}
          </h2>
          <Pager number={number} />
        </header>
        <Screen key={name} />
      </article>
    </div>
  );
}

function open(number: number): void {
  select({ lesson: Math.min(LAST, Math.max(1, number)) });
}

function Pager({ number }: { readonly number: number }) {
  const { t } = useTranslation("lessons");
  return (
    <nav className="pager" aria-label={t("pages")}>
      <button type="button" aria-label={t("previous")} disabled={number === 1} onClick={() => open(number - 1)}>
        ‹
      </button>
      <label>
        <span className="unseen">{t("list")}</span>
        <select className="num" value={number} onChange={(event) => open(Number(event.target.value))}>
          {LESSON_NAMES.map((each, i) => (
            <option key={each} value={i + 1}>
              {i + 1} / {LAST} · {t(`${each}.title`)}
            </option>
          ))}
        </select>
        <span className="num pager-place" aria-hidden="true">
          {number} / {LAST}
        </span>
      </label>
      <button type="button" aria-label={t("next")} disabled={number === LAST} onClick={() => open(number + 1)}>
        ›
      </button>
    </nav>
  );
}

/** Turns the page when a finger goes sideways, unless it moves a handle. */
function useSwipe(turn: (by: 1 | -1) => void) {
  const start = useRef<{ x: number; y: number } | undefined>(undefined);
  return {
    onTouchStart: (event: TouchEvent) => {
      const onHandle = (event.target as Element).closest(".grip, .grip-area, input, select");
      const { clientX: x, clientY: y } = event.touches[0];
      start.current = onHandle || event.touches.length > 1 ? undefined : { x, y };
    },
    onTouchEnd: (event: TouchEvent) => {
      if (!start.current) return;
      const { clientX, clientY } = event.changedTouches[0];
      const [dx, dy] = [clientX - start.current.x, clientY - start.current.y];
      start.current = undefined;
      if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1);
    },
  };
}

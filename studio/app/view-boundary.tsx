import { Component, type ReactNode } from "react";
import { Translation } from "react-i18next";

interface Props {
  readonly children: ReactNode;
}

/** Keeps the rest of the page when a view cannot be drawn, and says so in its place. */
export class ViewBoundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <div className="failure" role="alert">
            <p>{t("state.broken")}</p>
            <button type="button" className="button" onClick={() => window.location.reload()}>
              {t("state.reload")}
            </button>
          </div>
        )}
      </Translation>
    );
  }
}

/** Which copy to render: one opening of one request. */
export type CopyToRender = { requestId: string; openingId: string };

/** Has the copy of an opening rendered. When it is there, the opening's row says its digest. */
export type CopyRenderer = {
  /** Returns once the copy is there. Throws RenderFailedError. */
  render(copy: CopyToRender): Promise<void>;
  /** Returns at once; the copy is there when the opening's row has its digest. */
  renderLater(copy: CopyToRender): Promise<void>;
};

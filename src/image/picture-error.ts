/** The error of a picture that was decoded and then refused. */
import { ExitCode, UserError } from '../errors.ts';
import type { Picture } from './decode.ts';

/** A picture in which no digit was found: `--show` still shows the picture. */
export class PictureError extends UserError {
  /** The picture as it was looked at. */
  readonly picture: Picture;

  /** @param message see `UserError`; names the picture */
  constructor(message: string, picture: Picture) {
    super(message, ExitCode.data);
    this.picture = picture;
  }
}

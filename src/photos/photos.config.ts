import { IsOptional, IsUrl } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

@Settings()
export class PhotosConfig {
  /** Under which clients reach this API, without its path; otherwise what the request says that uploads the photo. */
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_query_components: false },
    { message: 'PHOTOS_ORIGIN must be an origin such as https://photos.example.com' },
  )
  PHOTOS_ORIGIN?: string;
}

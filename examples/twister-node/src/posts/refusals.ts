import type { PostCode } from '@rookery/posts';

/** In the words of twisterd's answers, why a post is not accepted. */
export function describeRefusal(code: PostCode, user: string, detail: string): string {
  switch (code) {
    case 'bad-size':
      return 'bad bencoded post size';
    case 'missing-field':
      return 'missing post or signature.';
    case 'too-many-posts':
    case 'unknown-user':
      return `too much posts from user '${user}' rejecting post`;
    case 'bad-utf8':
      return 'invalid utf8 string';
    case 'bad-signature':
    case 'no-key':
      return 'bad post signature';
    case 'bad-retweet-signature':
      return 'bad RT signature';
    case 'bad-favourite-signature':
      return 'bad FAV signature';
    default:
      return detail;
  }
}
